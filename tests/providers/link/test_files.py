"""LINK-FILE: registering media files: which URLs are taken, what is known of them, and which id they get."""

import re
from typing import Any

import pytest

from harness import FakeWebhook, LinkClient, assert_refused, broken_rule
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.core.content import Card, File, Media
from sandbox.providers.link.account import RegisteredFile
from sandbox.sandbox import AccountChanges

UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
URL = "https://your.domain/file_name.jpg"
THUMBNAIL = "https://your.domain/thumbnail.jpg"
IMAGES = ("jpg", "jpeg", "png", "gif", "webp", "bmp")
VIDEOS = ("mp4", "m4v", "mpeg", "mpg", "mpeg4", "webm", "h263", "3gp", "mov")
SOUNDS = ("mp3", "m4a", "aac", "ogg", "opus", "wav", "amr", "flac")
DOCUMENTS = (
    *("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx"),
    *("odt", "ods", "odp", "rtf", "txt", "csv", "zip"),
)


def warnings_of(account: Account) -> tuple[str, ...]:
    """Return what the journal noted beside the newest request."""
    return next(reversed(account.journal.requests)).warnings


async def registered(link: LinkClient, **body: Any) -> RegisteredFile:
    """Register a file and return what is known of it."""
    response = await link.register(**body)
    assert response.status_code == 200, response.text
    file = link.account.shelf(RegisteredFile).get(response.json()["fileId"])
    assert file is not None
    return file


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="LINK-FILE-01-missing"),
        pytest.param({"url": None}, id="LINK-FILE-01-null"),
        pytest.param({"thumbnailUrl": THUMBNAIL, "description": "a"}, id="LINK-FILE-01-all-but-the-url"),
        pytest.param({"URL": URL}, id="LINK-FILE-01-letter-case"),
    ],
)
async def test_a_file_has_a_url(link: LinkClient, body: dict[str, Any]) -> None:
    """Without one there is nothing to register."""
    assert_refused(await link.register(**body), 400, "LINK-FILE-01", "url: is required")
    assert not link.account.shelf(RegisteredFile)


@pytest.mark.parametrize("name", ["url", "thumbnailUrl"])
@pytest.mark.parametrize(
    "url",
    [
        pytest.param("", id="LINK-FILE-02-empty"),
        pytest.param("http://your.domain/a.jpg", id="LINK-FILE-02-http"),
        pytest.param("http://localhost/a.jpg", id="LINK-FILE-02-http-to-localhost"),
        pytest.param("ftp://your.domain/a.jpg", id="LINK-FILE-02-ftp"),
        pytest.param("data:image/png;base64,iVBORw0KGgo=", id="LINK-FILE-02-data"),
        pytest.param("file:///a.jpg", id="LINK-FILE-02-file"),
        pytest.param("httpss://your.domain/a.jpg", id="LINK-FILE-02-longer-scheme"),
        pytest.param("your.domain/a.jpg", id="LINK-FILE-02-no-scheme"),
        pytest.param("//your.domain/a.jpg", id="LINK-FILE-02-scheme-relative"),
        pytest.param("https:your.domain/a.jpg", id="LINK-FILE-02-no-slashes"),
        pytest.param("https:/your.domain/a.jpg", id="LINK-FILE-02-one-slash"),
        pytest.param("https://", id="LINK-FILE-02-nothing-else"),
        pytest.param("https:///a.jpg", id="LINK-FILE-02-no-host"),
        pytest.param("https://:443/a.jpg", id="LINK-FILE-02-port-alone"),
        pytest.param("https://user@/a.jpg", id="LINK-FILE-02-user-alone"),
        pytest.param("https://[::1/a.jpg", id="LINK-FILE-02-broken-address"),
        pytest.param("https://your.domain/a b.jpg", id="LINK-FILE-02-space"),
        pytest.param(" https://your.domain/a.jpg", id="LINK-FILE-02-leading-space"),
        pytest.param("https://your.domain/a.jpg\n", id="LINK-FILE-02-trailing-line-break"),
        pytest.param("https://your.domain/link-\nmobility.jpg", id="LINK-FILE-02-broken-as-in-the-sample"),
        pytest.param("https://your.domain/\u0000.jpg", id="LINK-FILE-02-null-character"),
    ],
)
async def test_files_are_served_over_https(link: LinkClient, name: str, url: str) -> None:
    """File and thumbnail are absolute https URLs with a host and without blanks."""
    response = await link.register(**{"url": URL, name: url})
    assert_refused(response, 400, "LINK-FILE-02", f"{name}: must be an HTTPS URL")
    assert not link.account.shelf(RegisteredFile)


@pytest.mark.parametrize("name", ["url", "thumbnailUrl"])
@pytest.mark.parametrize(
    "url",
    [
        pytest.param("HTTPS://your.domain/a.jpg", id="LINK-FILE-02-letter-case"),
        pytest.param("https://your.domain", id="LINK-FILE-02-no-path"),
        pytest.param("https://your.domain:8443/a.jpg?b=c#d", id="LINK-FILE-02-port-and-query"),
        pytest.param("https://user:secret@your.domain/a.jpg", id="LINK-FILE-02-user"),
        pytest.param("https://localhost/a.jpg", id="LINK-FILE-02-localhost"),
        pytest.param("https://[::1]/a.jpg", id="LINK-FILE-02-address-of-six"),
        pytest.param("https://bücher.example/straße.jpg", id="LINK-FILE-02-international"),
        pytest.param("https://your.domain/" + "x" * 100_000, id="LINK-FILE-02-long"),
    ],
)
async def test_any_https_url_is_taken(link: LinkClient, name: str, url: str) -> None:
    """Nothing more is asked of it: no length, no reachability."""
    assert (await link.register(**{"url": URL, name: url})).status_code == 200


@pytest.mark.parametrize(
    ("body", "description"),
    [
        pytest.param({"description": "a"}, "a", id="LINK-FILE-03-as-in-the-table"),
        pytest.param({"contentDescription": "a"}, "a", id="LINK-FILE-03-as-in-the-samples"),
        pytest.param({"contentDescription": "b", "description": "a"}, "a", id="LINK-FILE-03-description-wins"),
        pytest.param({"description": None, "contentDescription": "b"}, "b", id="LINK-FILE-03-null-does-not-win"),
        pytest.param({"description": "", "contentDescription": "b"}, "", id="LINK-FILE-03-empty-wins"),
        pytest.param({}, None, id="LINK-FILE-03-none"),
    ],
)
async def test_a_file_is_described_by_either_name(
    app: App, link: LinkClient, body: dict[str, Any], description: str | None
) -> None:
    """Both are known members, even where unknown ones are refused; neither is returned."""
    app.sandbox.change_account(link.account, AccountChanges(settings={"strict_unknown_fields": True}))
    assert (await registered(link, url=URL, **body)).description == description
    assert warnings_of(link.account) == ()
    assert list((await link.register(url=URL, **body)).json()) == ["fileId"]


@pytest.mark.parametrize("extension", DOCUMENTS, ids=lambda name: f"LINK-FILE-04-{name}")
async def test_documents_are_not_supported(link: LinkClient, extension: str) -> None:
    """They are told by their extension, in any letter case and whatever follows the path."""
    message = "url: only image, audio and video files are supported"
    for url in (f"a.{extension}", f"a.{extension.upper()}", f"a.jpg.{extension}?x=.jpg#.png"):
        response = await link.register(url=f"https://your.domain/{url}")
        assert_refused(response, 400, "LINK-FILE-04", message)
    assert not link.account.shelf(RegisteredFile)


@pytest.mark.parametrize(
    ("thumbnail", "refused"),
    [
        *[pytest.param(f"a.{name}", False, id=f"LINK-FILE-05-{name}") for name in IMAGES],
        *[pytest.param(f"a.{name}", True, id=f"LINK-FILE-05-{name}") for name in (*VIDEOS, *SOUNDS, *DOCUMENTS)],
        pytest.param("a.MP4", True, id="LINK-FILE-05-letter-case"),
        pytest.param("a", False, id="LINK-FILE-05-no-extension"),
        pytest.param("a.bin", False, id="LINK-FILE-05-unknown-extension"),
    ],
)
async def test_a_thumbnail_is_an_image(link: LinkClient, thumbnail: str, refused: bool) -> None:
    """As far as its extension tells."""
    response = await link.register(url=URL, thumbnailUrl=f"https://your.domain/{thumbnail}")
    if refused:
        assert_refused(response, 400, "LINK-FILE-05", "thumbnailUrl: must be an image")
    else:
        assert response.status_code == 200


@pytest.mark.parametrize(
    ("url", "media"),
    [
        *[pytest.param(f"/a.{name}", "IMAGE", id=f"LINK-FILE-06-{name}") for name in IMAGES],
        *[pytest.param(f"/a.{name}", "VIDEO", id=f"LINK-FILE-06-{name}") for name in VIDEOS],
        *[pytest.param(f"/a.{name}", "AUDIO", id=f"LINK-FILE-06-{name}") for name in SOUNDS],
        pytest.param("/a.JPeG", "IMAGE", id="LINK-FILE-06-letter-case"),
        pytest.param("/a.tar.png", "IMAGE", id="LINK-FILE-06-last-extension"),
        pytest.param("/a.png?b=c.mp4", "IMAGE", id="LINK-FILE-06-not-the-query"),
        pytest.param("/a.png#.mp4", "IMAGE", id="LINK-FILE-06-not-the-fragment"),
        pytest.param("/.png", "IMAGE", id="LINK-FILE-06-extension-alone"),
        pytest.param("/a.png/b", "UNKNOWN", id="LINK-FILE-06-not-a-folder"),
        pytest.param("/a", "UNKNOWN", id="LINK-FILE-06-none"),
        pytest.param("/a.", "UNKNOWN", id="LINK-FILE-06-dot-alone"),
        pytest.param("/png", "UNKNOWN", id="LINK-FILE-06-no-dot"),
        pytest.param("/a.tiff", "UNKNOWN", id="LINK-FILE-06-another"),
        pytest.param("", "UNKNOWN", id="LINK-FILE-06-no-path"),
    ],
)
async def test_the_extension_tells_the_media_type(link: LinkClient, url: str, media: str) -> None:
    """One of the three types, or unknown."""
    assert (await registered(link, url=f"https://jpg.mp4{url}")).media_type == media


@pytest.mark.parametrize("extension", ["jpg", "mp4", "bin"], ids=lambda name: f"LINK-FILE-06-{name}-everywhere")
async def test_an_unknown_type_is_accepted_wherever_a_file_is(link: LinkClient, extension: str) -> None:
    """In a message and in a card."""
    file_id = (await link.register(url=f"https://your.domain/a.{extension}")).json()["fileId"]
    content = {"cardMedia": {"cardHeight": "TALL", "fileId": file_id}}
    card = {"cardContent": content, "cardOrientation": "VERTICAL", "thumbnailAlignment": "LEFT"}
    assert (await link.send(fileId=file_id)).status_code == 200
    assert (await link.send(conversationCard={"standaloneCard": card})).status_code == 200


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        pytest.param("https://your.domain/a.mp3", True, id="LINK-FILE-07-audio"),
        pytest.param("https://your.domain/a.mp4", False, id="LINK-FILE-07-video"),
        pytest.param("https://your.domain/a.jpg", False, id="LINK-FILE-07-image"),
        pytest.param("https://your.domain/a", False, id="LINK-FILE-07-unknown"),
    ],
)
async def test_the_thumbnail_of_an_audio_file(link: LinkClient, url: str, warned: bool) -> None:
    """It is accepted, and the journal tells that it has no effect."""
    await registered(link, url=url, thumbnailUrl=THUMBNAIL)
    expected = ("LINK-FILE-07: thumbnailUrl has no effect on an audio file",) if warned else ()
    assert warnings_of(link.account) == expected


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"url": URL}, id="LINK-FILE-08-file"),
        pytest.param({"url": URL, "thumbnailUrl": THUMBNAIL, "description": "a"}, id="LINK-FILE-08-with-thumbnail"),
    ],
)
async def test_each_registration_has_a_new_id(link: LinkClient, body: dict[str, Any]) -> None:
    """A lower-case UUID v4 and nothing else, another one even for the same URL."""
    answers = [await link.register(**body) for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200}
    assert all(list(answer.json()) == ["fileId"] for answer in answers)
    ids = [answer.json()["fileId"] for answer in answers]
    assert len(set(ids)) == 20
    assert all(re.fullmatch(UUID4, file_id) for file_id in ids)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://nowhere.invalid/a.jpg", id="LINK-FILE-09-no-such-host"),
        pytest.param("https://127.0.0.1:9/a.mp4", id="LINK-FILE-09-nobody-listens"),
        pytest.param("https://your.domain/100-gigabytes.mov", id="LINK-FILE-09-any-size"),
    ],
)
async def test_nothing_is_fetched(link: LinkClient, webhook: FakeWebhook, url: str) -> None:
    """Neither size nor existence is checked; the announced limit stays an announcement."""
    file_id = (await link.register(url=url)).json()["fileId"]
    assert not webhook.received
    assert (await link.send(fileId=file_id)).status_code == 200


async def test_ids_live_until_reset(link: LinkClient) -> None:
    """LINK-FILE-09: a file is known days later, and unknown after a reset."""
    file_id = (await link.register(url=URL)).json()["fileId"]
    await link.account.clock.advance(30 * 86_400)
    link.token = None
    assert (await link.send(fileId=file_id)).status_code == 200
    link.account.forget()
    assert broken_rule(await link.send(fileId=file_id)) == "LINK-MSG-15"


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param("https://conversationalmessaging.com", id="LINK-FILE-10-web-client"),
        pytest.param("https://example.com", id="LINK-FILE-10-another-page"),
    ],
)
async def test_what_the_browser_keeps_has_no_effect(link: LinkClient, origin: str) -> None:
    """The API answers a registration without any header of CORS or of storage."""
    response = await link.call("POST", "/registerFile", json={"url": URL}, headers={"Origin": origin})
    assert response.status_code == 200
    assert not [name for name in response.headers if name.startswith(("access-control-", "cache-"))]


@pytest.mark.parametrize(
    ("known", "as_card"),
    [
        pytest.param({"media_type": "IMAGE"}, True, id="LINK-FILE-11-image"),
        pytest.param({"media_type": "AUDIO"}, False, id="LINK-FILE-11-audio"),
        pytest.param({}, True, id="LINK-FILE-11-image-unless-told"),
    ],
)
async def test_files_can_be_known_beforehand(app: App, link: LinkClient, known: dict[str, Any], as_card: bool) -> None:
    """Configuration gives them ids, which need not be UUIDs, with type and thumbnail."""
    file_id = "my-file"
    assert broken_rule(await link.send(fileId=file_id)) == "LINK-MSG-15"
    app.sandbox.change_account(link.account, AccountChanges(settings={"files": {file_id: known}}))
    assert (await link.send(fileId=file_id)).status_code == 200
    card = {
        "cardContent": {"cardMedia": {"cardHeight": "TALL", "fileId": file_id}},
        "cardOrientation": "VERTICAL",
        "thumbnailAlignment": "LEFT",
    }
    response = await link.send(conversationCard={"standaloneCard": card})
    assert broken_rule(response) == (None if as_card else "LINK-CARD-08")


async def test_the_handset_gets_what_was_registered(link: LinkClient) -> None:
    """LINK-FILE-03: URL, thumbnail and description reach the content of a message, in a card as well."""
    body = {"url": f"{URL}?a=b", "thumbnailUrl": THUMBNAIL, "contentDescription": "A unicorn"}
    file_id = (await link.register(**body)).json()["fileId"]
    content = {"cardMedia": {"cardHeight": "TALL", "fileId": file_id}}
    card = {"cardContent": content, "cardOrientation": "VERTICAL", "thumbnailAlignment": "LEFT"}
    await link.send(fileId=file_id)
    await link.send(conversationCard={"standaloneCard": card})
    file = File(
        "image",
        url=f"{URL}?a=b",
        name="file_name.jpg",
        thumbnail_url=THUMBNAIL,
        description="A unicorn",
        id=file_id,
    )
    plain, rich = link.account.journal.messages
    assert plain.content == Media(file)
    assert isinstance(rich.content, Card)
    assert rich.content.media == file
