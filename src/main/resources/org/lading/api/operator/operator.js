"use strict";
{
  const parts = ["state", "found", "parts", "preparing", "sending", "hour"];
  const pause = 5000;

  // The server renders; what differs is taken over, so that nothing else moves or is read out again.
  const take = (page) => {
    showLocalTimes(page);
    for (const id of parts) {
      const mine = document.getElementById(id);
      const its = page.getElementById(id);
      if (mine.innerHTML !== its.innerHTML) {
        mine.replaceChildren(...its.childNodes);
      }
      Object.assign(mine.dataset, its.dataset);
    }
    document.title = page.title;
  };

  const look = async () => {
    if (document.visibilityState === "visible") {
      try {
        const answer = await fetch(location.href, {
          headers: { Accept: "text/html" },
          cache: "no-store",
        });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (page.getElementById("parts") !== null) {
          take(page);
        }
      } catch (failure) {
        // The node comes back; until then the time on the page tells how old it is.
      }
    }
    setTimeout(look, pause);
  };

  setTimeout(look, pause);
}
