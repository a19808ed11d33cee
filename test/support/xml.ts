// XML read by a strict parser, which throws where a document is not well formed.
import { SaxesParser } from 'saxes';

export interface ReadElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: ReadElement[];
  text: string;
}

export function readXml(document: string): ReadElement {
  const top: ReadElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element: ReadElement = { name, attributes, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const holder = open.at(-1);
    if (holder !== undefined) holder.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(document).close();
  const [root] = top.children;
  if (root === undefined) throw new Error('the document has no element');
  return root;
}
