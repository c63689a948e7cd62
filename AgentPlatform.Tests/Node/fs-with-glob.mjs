// The conformance suite imports fs.globSync, which Node has since 22, for something no test here needs. With this module imported first it also runs on Node 20.
import { register } from 'node:module';

const shim = "export * from 'node:fs'; export { default } from 'node:fs'; export const globSync = () => [];";
const hooks = `export const resolve = (specifier, context, next) =>
  specifier === 'fs' && context.parentURL?.includes('/@modelcontextprotocol/conformance/')
    ? { url: 'data:text/javascript,${encodeURIComponent(shim).replaceAll("'", '%27')}', shortCircuit: true }
    : next(specifier, context);`;

register(`data:text/javascript,${encodeURIComponent(hooks)}`);
