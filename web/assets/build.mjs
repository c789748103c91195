// Builds web/static/dist from web/assets and npm packages: bundles, styles without what
// no page uses, a sprite of the icons that pages name, fonts; each text also compressed.
import * as esbuild from 'esbuild'
import { PurgeCSS } from 'purgecss'
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'

const web = path.resolve(import.meta.dirname, '..')
const modules = path.join(web, 'node_modules')
const out = path.join(web, 'static', 'dist')
const read = file => fs.readFileSync(file, 'utf8')

function write(name, content) {
  const file = path.join(out, name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, content)
}

// sources are the hand-written files that may name classes and icons.
function sources() {
  const places = ['web/templates', 'web/assets', 'internal/handlers', 'e2e'].map(name => path.join(web, '..', name))
  return places.filter(fs.existsSync).flatMap(place => fs.readdirSync(place, { recursive: true })
    .filter(name => /\.(templ|go|js)$/.test(name) && !/_(templ|test)\.go$/.test(name))
    .map(name => path.join(place, name)))
}

function empty() {
  fs.mkdirSync(out, { recursive: true })
  for (const name of fs.readdirSync(out)) {
    if (name !== '.gitkeep') fs.rmSync(path.join(out, name), { recursive: true })
  }
}

async function scripts() {
  const entryPoints = ['boot.js', 'app.js', 'editor.js'].map(name => path.join(web, 'assets', name))
  await esbuild.build({
    entryPoints, outdir: out, bundle: true, minify: true, format: 'esm', target: 'es2022',
    legalComments: 'none', nodePaths: [modules], logLevel: 'warning',
  })
  // boot.js is a classic script, run at once; wrapped, it leaves no names behind.
  write('boot.js', `{${read(path.join(out, 'boot.js')).trim()}}`)
}

// files turns data: addresses into files, because the pages' policy refuses them.
function files(css) {
  return css.replace(/url\((["']?)data:image\/svg\+xml(;[\w=-]+)?,(.*?)\1\)/g, (_, quote, kind, data) => {
    const svg = kind?.includes('base64') ? Buffer.from(data, 'base64').toString() : decodeURIComponent(data)
    const name = `i/${crypto.createHash('sha256').update(svg).digest('hex').slice(0, 10)}.svg`
    write(name, svg)
    return `url(${name})`
  })
}

// ownVariables are Tabler's variables that own styles read.
function ownVariables(css) {
  return [...new Set(css.match(/var\(--tblr-[\w-]+/g) ?? [])].map(name => name.slice(4))
}

async function styles() {
  const tabler = read(path.join(modules, '@tabler', 'core', 'dist', 'css', 'tabler.css'))
    .replace(/@charset[^;]*;|\/\*# sourceMappingURL.*?\*\//g, '')
  const own = await esbuild.build({
    entryPoints: [path.join(web, 'assets', 'app.css')], bundle: true, write: false, logLevel: 'warning',
    external: ['fonts/*', 'i/*'],
  })
  const [purged] = await new PurgeCSS().purge({
    content: sources(), css: [{ raw: tabler }], variables: true, keyframes: true,
    safelist: { standard: ['html', 'body', /^data-bs/], variables: ownVariables(own.outputFiles[0].text) },
  })
  // Own styles are kept whole: they are few, and pages to come use them.
  const css = files(purged.css + own.outputFiles[0].text)
  const { code } = await esbuild.transform(css, { loader: 'css', minify: true, target: 'es2022' })
  const left = code.match(/url\(["']?data:[^)]{0,60}/g)
  if (left) throw new Error(`data: addresses left in the styles: ${left.join(' ')}`)
  write('app.css', code)
}

// icons looks for Icon("name"), Tag("name", Icon: "name", and constants and functions
// named after icons.
function icons() {
  const names = new Set()
  for (const file of sources()) {
    const text = read(file)
    for (const [, name] of text.matchAll(/(?:[Ii]con\w*|\bTag)(?:\(|:|\s*=)\s*"([a-z0-9-]+)"/g)) names.add(name)
    for (const [, body] of text.matchAll(/func (?:\([^)]*\) )?\w*[Ii]con\w*\([^)]*\) string \{(.*?)\n\}/gs)) {
      for (const [, name] of body.matchAll(/return "([a-z0-9-]+)"/g)) names.add(name)
    }
    for (const [, before, after] of text.matchAll(/@pageLink\(.*"([a-z-]*)", "([a-z-]*)"\)/g)) {
      for (const name of [before, after]) if (name) names.add(name)
    }
  }
  const symbols = [...names].sort().map(name => {
    const file = path.join(modules, '@tabler', 'icons', 'icons', 'outline', `${name}.svg`)
    if (!fs.existsSync(file)) throw new Error(`there is no icon named ${name}`)
    const body = read(file).replace(/<!--.*?-->/gs, '').replace(/^.*?<svg.*?>/s, '').replace('</svg>', '')
      .replace(/<path stroke="none"[^>]*>/g, '').replace(/\s*\n\s*/g, '')
    return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`
  })
  write('icons.svg', `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`)
  return names.size
}

function fonts() {
  const from = (family, file) => fs.readFileSync(path.join(modules, '@fontsource-variable', family, 'files', file))
  write('fonts/inter.woff2', from('inter', 'inter-latin-wght-normal.woff2'))
  write('fonts/mono.woff2', from('jetbrains-mono', 'jetbrains-mono-latin-wght-normal.woff2'))
}

function compress() {
  for (const name of fs.readdirSync(out, { recursive: true }).sort()) {
    if (!/\.(js|css|svg)$/.test(name)) continue
    const body = fs.readFileSync(path.join(out, name))
    const small = zlib.gzipSync(body, { level: 9 })
    if (small.length < body.length * 0.9) write(`${name}.gz`, small)
    if (!name.startsWith('i/')) {
      console.log(`${name.padEnd(12)} ${String(body.length).padStart(8)} ${String(small.length).padStart(8)} compressed`)
    }
  }
}

empty()
await scripts()
await styles()
const count = icons()
fonts()
write('favicon.svg', read(path.join(web, 'assets', 'favicon.svg')))
compress()
console.log(`${count} icons`)
