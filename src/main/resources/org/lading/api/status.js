"use strict";
{
  const main = document.querySelector("main");
  const parts = ["state", "bar", "found", "reason", "action", "facts"];
  const shortest = 500;
  const longest = 5000;
  let pause = shortest;
  let timer = 0;
  let looks = 0;

  // The server renders; what differs is taken over, so that nothing else moves or is read out again.
  const take = (page) => {
    const next = page.querySelector("main");
    showLocalTimes(next);
    for (const id of parts) {
      const mine = document.getElementById(id);
      const its = page.getElementById(id);
      if (mine.innerHTML !== its.innerHTML) {
        mine.replaceChildren(...its.childNodes);
      }
    }
    document.title = page.title;
    main.dataset.state = next.dataset.state;
    main.dataset.live = next.dataset.live;
  };

  const look = async () => {
    try {
      // Of an archive that is had at this very address, that is the page alone.
      const answer = await fetch(location.href, {
        headers: { Accept: "text/html" },
        cache: "no-store",
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (page.getElementById("facts") !== null) {
        take(page);
      } else if (answer.status < 500) {
        // There is no archive, or no right to it any more: that page says why.
        location.reload();
        return;
      }
    } catch (failure) {
      // The network comes back, or the person goes away.
      pause = longest;
    }
    goOn();
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(look, pause);
    pause = Math.min(pause * 1.2, longest);
  };

  const goOn = () => {
    const address = main.dataset.leadsTo;
    if (main.dataset.state === "ready" && address !== undefined) {
      delete main.dataset.leadsTo;
      // Empty where the page is shown at the address of the archive itself.
      location.replace(address || location.href);
      watch();
    } else if (main.dataset.live === "true" || looks > 0) {
      looks--;
      later();
    }
  };

  // The download begins soon, and the page shows how far it gets.
  const watch = () => {
    looks = 10;
    pause = shortest;
    later();
  };

  document.getElementById("action").addEventListener("click", watch);

  goOn();
}
