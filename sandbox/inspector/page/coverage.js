// What of each provider's catalogue has been met, and what is missing.

import { accountChoice } from "./form.js";
import { api } from "./api.js";
import { element, fill } from "./dom.js";
import { Part } from "./store.js";

const FORMATS = ["html", "markdown", "junit", "json"];

/** Return how much an account has met, or all of them together: `34 %`. */
export async function coverageOf(account) {
  const { providers } = await api.coverage(account);
  const entries = Object.values(providers).flatMap(entriesOf);
  return percent(entries.filter((entry) => entry.hit > 0).length, entries.length);
}

class CoverageReport extends Part {
  static hears = ["requests", "callbacks"];
  #asked = 0;
  #timer = 0;

  begin() {
    this.account = accountChoice({ on: { change: () => this.#read() } }, "All accounts together");
    this.problem = element("p.problem", { role: "alert" });
    this.list = element("div.reports");
    this.links = element("p.links");
    this.append(this.account, this.problem, this.list, this.links);
    this.#read();
  }

  /** Ask again, at most once a second. */
  draw() {
    this.#timer ||= setTimeout(() => this.#read(), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  async #read() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const asked = ++this.#asked;
    try {
      const { providers } = await api.coverage(this.account.value);
      if (asked !== this.#asked) return; // another account was chosen meanwhile
      fill(this.problem);
      this.#show(providers);
    } catch (problem) {
      this.problem.textContent = problem.message;
    }
  }

  #show(providers) {
    const open = new Set([...this.list.querySelectorAll("details[open]")].map((each) => each.dataset.key));
    fill(this.list, Object.entries(providers).map(([name, report]) => reportOf(name, report, open)));
    const query = this.account.value ? `&account=${encodeURIComponent(this.account.value)}` : "";
    const link = (format) => element("a", { href: `/_sandbox/coverage?format=${format}${query}`, target: "_blank", rel: "noopener" }, format);
    fill(this.links, "As a report: ", FORMATS.map((format, place) => [place ? ", " : "", link(format)]));
  }
}

function reportOf(name, report, open) {
  const sections = Object.entries(report).filter(([, entries]) => Array.isArray(entries));
  return element(
    "section.report",
    { "aria-label": name },
    element("h3", {}, `${name}: ${report.percent.toFixed(1)} %`),
    element("meter", { min: 0, max: 100, value: report.percent, "aria-label": `coverage of ${name}` }),
    sections.map(([title, entries]) => {
      const missing = entries.filter((entry) => entry.hit === 0);
      const key = `${name} ${title}`;
      return element(
        "details",
        { open: open.has(key), data: { key } },
        element("summary", {}, `${title}: ${entries.length - missing.length} of ${entries.length} met`),
        missing.length
          ? element("ul.missing", {}, missing.map((entry) => element("li", {}, entry.status ? `${entry.id} (${entry.status})` : entry.id)))
          : element("p", {}, "nothing is missing"),
      );
    }),
  );
}

function entriesOf(report) {
  return Object.values(report).filter(Array.isArray).flat();
}

function percent(part, whole) {
  return `${whole ? Math.floor((100 * part) / whole) : 100} %`;
}

customElements.define("coverage-report", CoverageReport);
