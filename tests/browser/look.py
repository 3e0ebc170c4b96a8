"""Screenshots of a report page for people to look at: look.py RUN/report.html FOLDER"""

import pathlib
import sys

from browser import Browser, find

SIZES = {"phone": (390, 844), "laptop": (1280, 800), "wide": (1920, 1080)}


def main(page, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    browser = Browser(find())
    try:
        for name, (width, height) in SIZES.items():
            for dark in [False, True]:
                browser.view(width, height, dark, phone=name == "phone")
                browser.open(pathlib.Path(page).resolve().as_uri())
                browser.screenshot(folder / f"{name}-{'dark' if dark else 'light'}.png")
        browser.view(1280, 800)
        browser.open(pathlib.Path(page).resolve().as_uri())
        browser.print(folder / "print.pdf")
    finally:
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
