/**
 * Where GraphiQL keeps tabs, variables and history: in memory, for as long as the page is open.
 *
 * By default it would be localStorage. But variables are personal data (numbers, names, birth
 * dates), and so may answers be; they must not stay behind in a browser that others use.
 */
export class MemoryStorage {
  #items = new Map();

  get length() {
    return this.#items.size;
  }

  getItem(key) {
    return this.#items.get(key) ?? null;
  }

  setItem(key, value) {
    this.#items.set(key, value);
  }

  removeItem(key) {
    this.#items.delete(key);
  }

  clear() {
    this.#items.clear();
  }
}
