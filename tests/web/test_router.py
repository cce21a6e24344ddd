"""Which operation a path and a method mean."""

from __future__ import annotations

import pytest

from sandbox.core.operation import Call, Operation, RawRequest, Reply
from sandbox.core.services import Services
from sandbox.providers import PROVIDERS
from sandbox.providers.link import Link
from sandbox.web.router import Router

_ITEM = "GET /shop/orders/{orderId}/items/{number}"


def _nobody(_request: RawRequest, _services: Services) -> None:
    raise NotImplementedError


def _nothing(_call: Call) -> Reply:
    raise NotImplementedError


def operation(name: str, method: str, path: str, *aliases: str) -> Operation:
    """Return an operation that is only to be found."""
    return Operation(name, method, path, "1", _nobody, _nothing, aliases=aliases)  # type: ignore[arg-type]


def router(*operations: Operation) -> Router:
    """Return a router of one provider that has these operations and owns `/shop/`."""
    provider = type("Shop", (Link,), {"operations": operations, "prefixes": ("/shop/",)})()
    return Router([provider])


@pytest.fixture
def shop() -> Router:
    """A shop whose paths have named parts."""
    return router(
        operation("list", "GET", "/shop/orders"),
        operation("place", "POST", "/shop/orders"),
        operation("show", "GET", "/shop/orders/{orderId}"),
        operation("item", "GET", "/shop/orders/{orderId}/items/{number}"),
        operation("newest", "GET", "/shop/orders/newest"),
    )


@pytest.mark.parametrize(
    ("path", "operations", "params"),
    [
        pytest.param("/shop/orders", {"GET": "list", "POST": "place"}, {}, id="two-methods"),
        pytest.param("/shop/orders/7", {"GET": "show"}, {"orderId": "7"}, id="a-part"),
        pytest.param("/shop/orders/7/items/2", {"GET": "item"}, {"orderId": "7", "number": "2"}, id="two-parts"),
        pytest.param("/shop/orders/newest", {"GET": "newest"}, {}, id="a-name-is-preferred-to-a-part"),
        pytest.param("/shop/orders/newest/items/2", {}, {}, id="for-good"),
        pytest.param("/shop/orders/+49", {"GET": "show"}, {"orderId": "+49"}, id="a-plus-stays-a-plus"),
        pytest.param("/shop/orders/%2B49", {"GET": "show"}, {"orderId": "+49"}, id="a-plus-may-be-encoded"),
        pytest.param("/shop/orders/a%2Fb", {"GET": "show"}, {"orderId": "a/b"}, id="an-encoded-slash-parts-nothing"),
        pytest.param("/shop/orders/%00", {"GET": "show"}, {"orderId": "\0"}, id="a-null"),
        pytest.param("/shop/orders/%zz", {"GET": "show"}, {"orderId": "%zz"}, id="no-encoding"),
        pytest.param("/shop/orders/%FF", {"GET": "show"}, {"orderId": "\ufffd"}, id="no-utf-8"),
        pytest.param("/sh%6Fp/orders", {"GET": "list", "POST": "place"}, {}, id="a-name-may-be-encoded"),
        pytest.param("/shop/orders/", {}, {}, id="LINK-GEN-08-a-trailing-slash"),
        pytest.param("/shop/orders//items/2", {}, {}, id="an-empty-part"),
        pytest.param("/shop//orders", {}, {}, id="a-doubled-slash"),
        pytest.param("//shop/orders", {}, {}, id="a-doubled-slash-in-front"),
        pytest.param("/shop/../shop/orders", {}, {}, id="dots-are-names"),
        pytest.param("/shop/Orders", {}, {}, id="another-letter-case"),
        pytest.param("/shop", {}, {}, id="only-the-beginning"),
        pytest.param("/shop/orders/7/items", {}, {"orderId": "7"}, id="in-between"),
        pytest.param("/shop/orders/7/items/2/more", {}, {}, id="too-much"),
        pytest.param("/shop/{orderId}", {}, {}, id="a-template-is-no-path"),
        pytest.param("/", {}, {}, id="the-root"),
        pytest.param("", {}, {}, id="nothing"),
    ],
)
def test_find(shop: Router, path: str, operations: dict[str, str], params: dict[str, str]) -> None:
    """A path is taken literally, segment by segment, and decoded only then."""
    endpoints, found = shop.find(path)
    assert {method: endpoint.operation.id for method, endpoint in endpoints.items()} == operations
    assert found == params


def test_owner(shop: Router) -> None:
    """An unknown path is the provider's whose prefix it has."""
    provider = shop.find("/shop/orders")[0]["GET"].provider
    assert shop.owner("/shop/anything") is provider
    assert shop.owner("/shopping") is None


@pytest.mark.parametrize(
    ("method", "path", "near"),
    [
        pytest.param("GET", "/shop/order", "GET /shop/orders", id="a-letter-is-missing"),
        pytest.param("POST", "/shop/orders/", "POST /shop/orders", id="a-trailing-slash"),
        pytest.param("GET", "/shop/orders/id/itmes/number", _ITEM, id="two-letters-are-swapped"),
        pytest.param("GET", "/favicon.ico", None, id="nothing-like-it"),
        pytest.param("GET", "/shop/orders" + "/x" * 30_000, None, id="too-long-to-be-like-any"),
    ],
)
def test_nearest(shop: Router, method: str, path: str, near: str | None) -> None:
    """Of an unknown path the one most like it is named, if any is."""
    assert shop.nearest(method, path) == near


def test_twice() -> None:
    """Two operations at one place are refused when the router is made."""
    with pytest.raises(ValueError, match="GET /shop/orders is both list and show"):
        router(operation("list", "GET", "/shop/orders"), operation("show", "GET", "/shop/orders"))


def test_other_names() -> None:
    """One part has one name, or a handler would look for the other in vain."""
    with pytest.raises(ValueError, match=r"/shop/\{id\}/items calls \{id\} what another path calls \{orderId\}"):
        router(operation("show", "GET", "/shop/{orderId}"), operation("items", "GET", "/shop/{id}/items"))


def test_documented_operations() -> None:
    """Every documented operation of LINK is found at its own path."""
    link = Link()
    found = Router([link])
    for one in link.operations:
        endpoints, params = found.find(one.path.replace("{", "").replace("}", ""))
        assert endpoints[one.method] == (link, one, link)
        assert all(name == value for name, value in params.items())


def test_further_paths() -> None:
    """An operation may be found at further paths, which are not what a wrong one is likened to."""
    found = router(operation("list", "GET", "/shop/orders", "/shop/orders/"))
    assert (
        found.find("/shop/orders/")[0]["GET"].operation.id
        == found.find("/shop/orders")[0]["GET"].operation.id
        == "list"
    )
    assert found.find("/shop/orders//") == ({}, {})
    assert found.nearest("GET", "/shop/order/") == "GET /shop/orders"


def test_answers_by_version() -> None:
    """Each operation of a provider with versions has the forms of answers of its own."""
    found = Router(PROVIDERS)
    told = {
        path: next(iter(found.find(path)[0].values())).answers for path in ("/resources/v1/messaging", "/v2/messages")
    }
    assert told["/resources/v1/messaging"] is not told["/v2/messages"]
