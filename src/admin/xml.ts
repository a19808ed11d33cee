// XML as a tree of elements, and its text: escaped, without what XML 1.0 cannot hold at all.

export interface XmlElement {
  readonly name: string;
  /** In this order; what is `undefined` is left out. */
  readonly attributes?: Readonly<Record<string, string | number | undefined>>;
  readonly children?: readonly XmlElement[];
  /** Stands before the children. */
  readonly text?: string;
}

/** Everything outside the production Char of XML 1.0; no escape brings these in. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const REPLACEMENT = '\ufffd';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A parser would read these three in an attribute as blanks, and the last one as a line's end.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** The document of one root element, with a final line feed. */
export function xmlDocument(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, '')}\n`;
}

function written(
  { name, attributes = {}, children = [], text = '' }: XmlElement,
  indent: string,
): string {
  const given = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(String(value), /[&<>"\t\n\r]/g)}"`);
  const head = `${indent}<${name}${given.join('')}`;
  if (text === '' && children.length === 0) return `${head}/>`;
  const inside = children.map((one) => `${written(one, `${indent}  `)}\n`);
  const open = inside.length === 0 ? '' : '\n';
  const close = inside.length === 0 ? '' : indent;
  return `${head}>${escaped(text, /[&<>\r]/g)}${open}${inside.join('')}${close}</${name}>`;
}

function escaped(text: string, special: RegExp): string {
  return text.replace(NOT_XML, REPLACEMENT).replace(special, (one) => ESCAPES[one] ?? one);
}
