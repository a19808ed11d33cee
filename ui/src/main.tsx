// The page's entry: the kept theme first, then the page, then what keeps it fresh.
import { effect } from '@preact/signals';
import { render } from 'preact';
import { App } from './app.js';
import { start } from './live/feed.js';
import { readRefusal } from './live/sign-in.js';
import { needsSignIn } from './live/store.js';
import { language } from './strings/strings.js';
import { applyKeptTheme } from './theme.js';

applyKeptTheme();
effect(() => {
  document.documentElement.lang = language.value;
});
const root = document.getElementById('page');
if (root === null) throw new Error('index.html has no #page');
needsSignIn.value = readRefusal() !== undefined;
root.replaceChildren();
render(<App />, root);
start();
