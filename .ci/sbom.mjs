// Joins the lists of Go modules and npm packages and adds the embedded files: node sbom.mjs go.json npm.json binary out.json
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

const [goList, npmList, binary, out] = process.argv.slice(2)
const read = file => JSON.parse(fs.readFileSync(file, 'utf8'))
const digest = file => crypto.createHash('sha256').update(fs.readFileSync(file)).digest('hex')
const bom = read(goList)
const npm = read(npmList)

const dist = path.resolve(import.meta.dirname, '../web/static/dist')
const files = fs.readdirSync(dist, { recursive: true }).sort()
  .filter(name => name !== '.gitkeep' && fs.statSync(path.join(dist, name)).isFile())
  .map(name => ({
    'bom-ref': `file:${name}`, type: 'file', name: `web/static/dist/${name}`,
    hashes: [{ alg: 'SHA-256', content: digest(path.join(dist, name)) }],
  }))

for (const [what, list] of [['Go modules', bom.components], ['npm packages', npm.components], ['embedded files', files]]) {
  if (!list?.length) throw new Error(`no ${what} were found: run make build first`)
  console.log(`${String(list.length).padStart(4)} ${what}`)
}
bom.metadata.component.hashes = [{ alg: 'SHA-256', content: digest(binary) }]
bom.components = [...bom.components, ...npm.components, ...files]
bom.dependencies = [...(bom.dependencies ?? []), ...(npm.dependencies ?? [])]
const refs = bom.components.map(c => c['bom-ref'])
if (new Set(refs).size !== refs.length) throw new Error('a component is listed twice')
fs.writeFileSync(out, JSON.stringify(bom, null, 2) + '\n')
