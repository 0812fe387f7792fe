// Who asks: the configuration of the page, and the persona whose token is sent. In production
// there are no personas: the developer's own token comes with the page or is typed under Headers.

const CONFIGURATION = "/graphql/config.json";
const UNAUTHORISED = 401;

export async function readConfiguration() {
  const answer = await fetch(CONFIGURATION, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${CONFIGURATION}: ${answer.status}`);
  return answer.json();
}

export class Session {
  #endpoint;
  #tokens;

  constructor({ endpoint, tokens }) {
    this.#endpoint = endpoint;
    this.#tokens = tokens;
    this.persona = this.personas[0];
  }

  get personas() {
    return Object.keys(this.#tokens);
  }

  /** GraphiQL's fetcher. A sandbox token lives for an hour: a refused one is renewed once. */
  ask = async (operation, { headers } = {}) => {
    const answer = await this.#send(operation, headers);
    if (answer.status !== UNAUTHORISED || !this.persona) return answer.json();
    this.#tokens = (await readConfiguration()).tokens;
    return (await this.#send(operation, headers)).json();
  };

  #send(operation, typed) {
    const headers = new Headers({
      accept: "application/graphql-response+json",
      "content-type": "application/json",
    });
    if (this.persona) headers.set("authorization", `Bearer ${this.#tokens[this.persona]}`);
    // What was typed into the Headers editor wins.
    for (const [name, value] of Object.entries(typed ?? {})) headers.set(name, value);
    return fetch(this.#endpoint, { method: "POST", headers, body: JSON.stringify(operation) });
  }
}
