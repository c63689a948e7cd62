// Says for each document of a file (a JSON array) what a JSON schema of draft 2020-12 has against it; null: nothing.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const [schema, documents] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const validate = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);
const verdicts = documents.map((document) => (validate(document) ? null : validate.errors.map((e) => `${e.instancePath} ${e.message}`).join('; ')));
process.stdout.write(JSON.stringify(verdicts));
