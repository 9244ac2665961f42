"""The code that touches the network. Alone imports Scrapy."""
