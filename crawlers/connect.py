"""Connections only to addresses that a crawl may reach. The address that was checked is the one connected to."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP6ClientEndpoint, wrapClientTLS
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import IProtocolFactory, IStreamClientEndpoint
from twisted.internet.protocol import Protocol
from twisted.internet.threads import deferToThread
from twisted.web.client import URI, BrowserLikePolicyForHTTPS
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer

from crawlers.refusals import RefusedError
from pipeline.addresses import is_public_address
from pipeline.reasons import Reason

CONNECT_SECONDS = 10.0
MAX_ADDRESSES = 4  # tried one after the other


@implementer(IStreamClientEndpoint)
class CheckedEndpoint:
    """Resolves a name, leaves out every address that is not allowed, connects to one of the rest."""

    def __init__(self, reactor: Any, host: str, port: int, allow_private: Sequence[str]) -> None:
        self._reactor, self._host, self._port, self._allow_private = reactor, host, port, allow_private

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[Any]:  # noqa: N803  the interface's name
        """A connected protocol. Fails with RefusedError where no address is allowed."""
        return Deferred.fromCoroutine(self._connect(protocolFactory))

    async def _connect(self, factory: IProtocolFactory) -> Protocol:
        try:
            found = await deferToThread(socket.getaddrinfo, self._host, self._port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise DNSLookupError(f"{self._host} does not resolve") from error
        # IPv4 first: a host with a broken IPv6 route would cost a timeout per connection.
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in sorted(found, key=lambda entry: entry[0])))
        allowed = [one for one in addresses if is_public_address(one, self._allow_private)]
        if not allowed:
            raise RefusedError(Reason.BLOCKED_ADDRESS, _say(self._host, addresses))
        failure: Exception | None = None
        for address in allowed[:MAX_ADDRESSES]:
            kind = TCP6ClientEndpoint if ":" in address else TCP4ClientEndpoint
            try:
                protocol: Protocol = await kind(self._reactor, address, self._port, CONNECT_SECONDS).connect(factory)
            except Exception as error:  # noqa: BLE001  Twisted's connection errors share no ancestor but this one
                failure = error
            else:
                return protocol
        raise failure or DNSLookupError(self._host)


def _say(host: str, addresses: Sequence[str]) -> str:
    resolved = "" if host in addresses else f" is {', '.join(addresses[:3])}:"
    return f"{host}{resolved or ' is'} not a public address, and network.allow_private does not hold it"


@implementer(IAgentEndpointFactory)
class CheckedEndpoints:
    """Endpoints for Twisted's Agent: checked addresses, verified TLS."""

    def __init__(self, reactor: Any, allow_private: Sequence[str]) -> None:
        self._reactor, self._allow_private = reactor, allow_private
        self._tls = BrowserLikePolicyForHTTPS()

    def endpointForURI(self, uri: URI) -> Any:  # noqa: N802  the interface's name
        """An endpoint for one URI."""
        host = uri.host.decode("ascii")
        endpoint: Any = CheckedEndpoint(self._reactor, host.strip("[]"), uri.port, self._allow_private)
        if uri.scheme == b"https":
            return wrapClientTLS(self._tls.creatorForNetloc(uri.host, uri.port), endpoint)
        return endpoint
