"""A thread of the page: a wish from the queue to its painting, and what can be done with that."""

from io import BytesIO
from pathlib import Path

import httpx
import pytest
import redis
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from bot.queue.rq import RqQueue
from tests.browser.page import DAY, NIGHT, PAINTED, Page, Shoot, answer, asked, landscape, mentions, the_bot
from tests.sandboxes import Sandbox, picture
from worker.contract import Progress, RenderJob, lease_key, progress_key
from worker.contract.blobs import RedisBlobs


def test_a_wish_is_watched_from_the_queue_to_the_painting(
    sandbox: Sandbox, chromium: Chrome, queue_url: str, shoot: Shoot
) -> None:
    mention = asked(sandbox, DAY, NIGHT)
    page = Page(chromium, sandbox.url)
    with redis.Redis.from_url(queue_url) as connection:
        blobs, renders = RedisBlobs(connection), RqQueue(connection)
        for job in ("mastodon-other-0", f"mastodon-{mention}-0"):
            renders.submit(RenderJob(id=job, photo=blobs.put(DAY), styles=(blobs.put(NIGHT),)), [])
        page.sees(".state", "number 2 in the queue")
        page.sees("#trouble", "no worker runs")

        other = Progress(id="mastodon-other-0", fraction=0.5, stage="256 px", remaining_s=20)
        connection.set(progress_key(other.id), other.model_dump_json())
        connection.set(lease_key(other.id), "worker")
        connection.lrem("rq:queue:renders", 0, other.id)
        page.sees(".state", "next in the queue")
        page.sees(".state small", "about 60 s left")
        assert page.all("#trouble") == [""]
        shoot("page-waiting")
        connection.delete(lease_key(other.id), progress_key(other.id))

        preview = blobs.put(landscape((60, 80, 150), (180, 140, 60), "JPEG"))
        progress = Progress(id=f"mastodon-{mention}-0", fraction=0.42, stage="256 px", remaining_s=8, preview=preview)
        connection.set(progress_key(progress.id), progress.model_dump_json())
        connection.set(lease_key(progress.id), "worker")
        page.sees(".state", "painting at 256 px")
        page.sees(".state", "42 % · about 8 s left")
        page.until(lambda: page.value("document.querySelector('.emerging')?.naturalWidth"))
        assert page.value("document.querySelector('.bar').getAttribute('aria-valuenow')") == "42"
        shoot("page-painting")
        renders.discard("mastodon-other-0")
        renders.discard(progress.id)

    answer(sandbox, mention, PAINTED)
    page.painted()
    assert page.all(".state") == []
    assert page.console_errors() == []


def test_a_wish_that_waits_is_taken_back_with_its_mention(sandbox: Sandbox, chromium: Chrome) -> None:
    mention = asked(sandbox, DAY)
    page = Page(chromium, sandbox.url)
    page.click(".cancel")
    page.until(lambda: page.all(".thread") == [])
    assert mentions(sandbox) == []
    assert [entry["post"] for entry in sandbox.log("delete")][-1] == mention


def test_only_ones_own_wish_can_be_taken_back(sandbox: Sandbox, chromium: Chrome) -> None:
    sandbox.person("guest").status_post("@stylesmith please")
    page = Page(chromium, sandbox.url)
    page.sees(".state", "waiting for the bot")
    assert page.all(".cancel") == []


def test_the_painting_is_compared_with_its_photo_by_key_and_by_button(
    sandbox: Sandbox, chromium: Chrome, shoot: Shoot
) -> None:
    answer(sandbox, asked(sandbox, DAY, NIGHT), PAINTED)
    page = Page(chromium, sandbox.url)
    page.painted()
    page.click("[data-does=compare]")
    assert page.value("document.querySelector('.compare').style.getPropertyValue('--at')") == "100%"
    page.click("[data-does=compare]")
    slider = chromium.find_element(By.CSS_SELECTOR, ".compare input")
    for _ in range(30):
        slider.send_keys(Keys.ARROW_RIGHT)
    shoot("page-answered")

    assert page.value("document.querySelector('.compare').style.getPropertyValue('--at')") == "30%"
    assert page.value("document.querySelector('.compare .after').alt") == "A painted landscape with a sun."


def test_a_painting_is_downloaded_seen_whole_and_linked_to(
    sandbox: Sandbox, chromium: Chrome, shoot: Shoot, tmp_path: Path
) -> None:
    reply = answer(sandbox, asked(sandbox, DAY, NIGHT), PAINTED)
    page = Page(chromium, sandbox.url)
    page.painted()
    for does in ("download", "full"):
        address = page.value(f"document.querySelector('[data-does={does}]').href")
        with Image.open(BytesIO(httpx.get(str(address), trust_env=False).content)) as image:
            assert image.size == (640, 480)
    page.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    page.click("[data-does=download]")
    page.until(lambda: [*tmp_path.glob("stylesmith-*.png")])

    address = str(page.value("document.querySelector('[data-does=link]').href"))
    assert address.endswith(f"/@stylesmith/{reply}")
    Page(chromium, address)
    page.painted()
    shoot("post")
    assert len(page.all(".thread")) == 1
    assert page.all(".said")[-1].endswith("Here it is.")


def test_the_address_of_a_post_shows_its_picture_elsewhere_if_it_is_public(sandbox: Sandbox) -> None:
    shown = answer(sandbox, asked(sandbox, DAY), PAINTED)
    hidden = str(sandbox.you.status_post("a secret <b>", visibility="direct").id)

    page = httpx.get(f"{sandbox.url}/@stylesmith/{shown}", trust_env=False).text
    assert '<meta property="og:image" content="http' in page
    assert "secret" not in httpx.get(f"{sandbox.url}/@you/{hidden}", trust_env=False).text


def test_the_address_of_a_post_that_is_gone_says_so(sandbox: Sandbox, chromium: Chrome) -> None:
    page = Page(chromium, f"{sandbox.url}/@stylesmith/123")
    page.sees("#empty", "gone")


@pytest.mark.parametrize(
    ("button", "says"),
    [
        ("again", "again"),
        ("stronger", "stronger"),
        ("softer", "softer"),
        ("another", "another style"),
        ("how", "show me how"),
        ("help", "help"),
    ],
)
def test_a_button_under_a_painting_says_it_to_the_bot_once(
    sandbox: Sandbox, chromium: Chrome, button: str, says: str
) -> None:
    reply = answer(sandbox, asked(sandbox, picture(), picture()), picture((1, 2, 3), (300, 200)))
    page = Page(chromium, sandbox.url)
    page.click(f".act[data-says={button}]")
    page.value(f"[1, 2].map(() => document.querySelector('.act[data-says={button}]').click())")
    page.sees(".said", f"@stylesmith {says}")
    page.click(f".act[data-says={button}]")

    told = [text for text in mentions(sandbox) if text.endswith(says)]
    newest = sandbox.client(sandbox.access.bot_token).notifications(types=["mention"], limit=1)[0].status
    assert len(told) == 1
    assert str(newest.in_reply_to_id) == reply


def test_what_was_answered_can_be_wished_again(sandbox: Sandbox, chromium: Chrome) -> None:
    answer(sandbox, asked(sandbox, picture(), picture()), picture((1, 2, 3), (300, 200)))
    page = Page(chromium, sandbox.url)
    page.click(".act[data-says=again]")
    page.until(lambda: len(mentions(sandbox)) == 2)
    wish = sandbox.client(sandbox.access.bot_token).notifications(types=["mention"], limit=1)[0].status.id
    answer(sandbox, str(wish), picture((9, 9, 9), (300, 200)))
    page.until(lambda: len(page.all(".painting")) == 2)
    page.until(
        lambda: page.value("document.querySelector('.act[data-says=again]').getAttribute('aria-disabled')") == "false"
    )
    page.click(".act[data-says=again]")
    page.until(lambda: len(mentions(sandbox)) == 3)


def test_deleting_a_painting_asks_once_and_can_be_declined(sandbox: Sandbox, chromium: Chrome, shoot: Shoot) -> None:
    answer(sandbox, asked(sandbox, picture(), picture()), picture((1, 2, 3), (300, 200)))
    page = Page(chromium, sandbox.url)
    page.click(".act[data-says=delete]")
    page.until(lambda: page.value("document.querySelector('#sure').open"))
    shoot("page-sure")
    page.click("#sure-no")
    page.until(lambda: not page.value("document.querySelector('#sure').open"))
    assert len(mentions(sandbox)) == 1

    page.click(".act[data-says=delete]")
    page.click("#sure-yes")
    page.sees(".said", "@stylesmith delete")


def test_a_reply_that_is_deleted_leaves_the_page(sandbox: Sandbox, chromium: Chrome) -> None:
    reply = answer(sandbox, asked(sandbox, picture(), picture()), picture((1, 2, 3)))
    page = Page(chromium, sandbox.url)
    page.until(lambda: len(page.all(".post")) == 2)
    the_bot(sandbox).delete(reply)
    page.until(lambda: len(page.all(".post")) == 1)
    assert page.all(".state") == []


def test_a_film_is_shown_with_the_means_to_play_it(sandbox: Sandbox, chromium: Chrome) -> None:
    bot = sandbox.client(sandbox.access.bot_token)
    film = bot.media_post(b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(64), "video/mp4", description="It grows.")
    bot.status_post("@you This is how.", in_reply_to_id=asked(sandbox, DAY), media_ids=[film])
    page = Page(chromium, sandbox.url)
    page.until(lambda: page.value("document.querySelector('video')?.controls"))
    assert page.value("document.querySelector('video').getAttribute('aria-label')") == "It grows."
    assert httpx.get(str(page.value("document.querySelector('video').src")), trust_env=False).headers[
        "content-type"
    ] == ("video/mp4")


NASTY = "@stylesmith <script>window.hacked=1</script><img src=x onerror=window.hacked=1> \"'&lt; {{7*7}}"


def test_what_people_write_is_shown_and_never_run(sandbox: Sandbox, chromium: Chrome) -> None:
    person = sandbox.person("eve")
    file = person.media_post(
        b"<svg onload='window.hacked=1'/>", "image/svg+xml", description='"><script>window.hacked=1</script>'
    )
    person.account_update_credentials(display_name="<img src=x onerror=window.hacked=1>")
    post = person.status_post(NASTY, media_ids=[file], spoiler_text="<b onclick=1>")
    for address in (sandbox.url, f"{sandbox.url}/@eve/{post.id}"):
        page = Page(chromium, address)
        page.sees(".said", "<script>window.hacked=1</script>")
        page.sees(".warning", "<b onclick=1>")

        assert page.value("window.hacked === undefined")
        assert page.value("document.querySelectorAll('main script, main [onerror], main [onclick]').length") == 0
        assert page.console_errors() == []
