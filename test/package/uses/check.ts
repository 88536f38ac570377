/** Without types of Node.js and without packages: what it checks is plain data. */
export const same = (what: string, is: unknown, should: unknown): void => {
  const [text, wanted] = [JSON.stringify(is), JSON.stringify(should)];
  if (text !== wanted) throw new Error(`${what} is ${text}, not ${wanted}`);
};
