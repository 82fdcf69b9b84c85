"use strict";

// Shows the times of an element in the reader's zone, and as the reader's country writes them.
function showLocalTimes(element) {
  const page = document.documentElement.lang;
  const locale = navigator.languages.find((one) => one.startsWith(page)) ?? page;
  for (const time of element.querySelectorAll("time[datetime]")) {
    const timeStyle = "seconds" in time.dataset ? "medium" : "short";
    const format = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle });
    time.textContent = format.format(new Date(time.dateTime));
  }
}

showLocalTimes(document);
