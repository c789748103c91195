// Answers scenarios of the conformance format, one a line, with the engine of
// @cloud-copilot/iam-simulate. The package is installed elsewhere, when it is needed; the
// folder is the first argument. It is a program of its own, of another licence, and no part
// of this one.
import { createInterface } from 'node:readline'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const modules = join(resolve(process.argv[2]), 'node_modules/@cloud-copilot')
const load = (file) => import(pathToFileURL(join(modules, file)).href)
const { loadPolicy } = await load('iam-policy/dist/esm/index.js')
const engine = 'iam-simulate/dist/esm/'
const { authorize } = await load(engine + 'core_engine/CoreSimulatorEngine.js')
const { AwsRequestImpl } = await load(engine + 'request/request.js')
const { RequestContextImpl } = await load(engine + 'requestContext.js')
const { DiscoveryContextKeyConstraints } = await load(engine + 'context_keys/discoveryContextKeyConstraints.js')

const policy = ({ name, document }) => loadPolicy(document, { name })
const policies = (list = []) => list.map(policy)
const fullAccess = {
  name: 'RCPFullAWSAccess',
  document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] }
}
const levels = (list = [], extra = []) =>
  list.map(({ target, policies: own }) => ({ orgIdentifier: target, policies: policies([...extra, ...own]) }))
const texts = (context) =>
  Object.fromEntries(Object.entries(context).map(([k, v]) => [k, Array.isArray(v) ? v.map(String) : String(v)]))

// The engine leaves the exemption of the management account to its caller.
function decide(s) {
  const caller = s.principal.startsWith('arn:') ? s.principal.split(':')[4] : ''
  const exempt = (account) => s.managementAccount && s.managementAccount === account
  const principal = s.principal === 'anonymous' ? { type: 'Anonymous' } : s.principal.replace(/^service:/, '')
  const answer = authorize({
    request: new AwsRequestImpl(principal, { resource: s.resource, accountId: s.resourceAccount }, s.action,
      new RequestContextImpl(texts(s.context)), s.resource === '*'),
    identityPolicies: policies(s.identityPolicies),
    permissionBoundaries: s.permissionsBoundary && [policy(s.permissionsBoundary)],
    sessionPolicy: s.sessionPolicies?.map(policy)[0],
    resourcePolicy: s.resourcePolicy && policy(s.resourcePolicy),
    vpcEndpointPolicies: s.vpcEndpointPolicy && [policy(s.vpcEndpointPolicy)],
    serviceControlPolicies: exempt(caller) ? [] : levels(s.serviceControlPolicies),
    resourceControlPolicies: exempt(s.resourceAccount) ? [] : levels(s.resourceControlPolicies, [fullAccess]),
    simulationParameters: {
      simulationMode: 'Strict', discoveryContextKeyConstraints: new DiscoveryContextKeyConstraints([])
    },
    serviceSettings: {}
  })
  return { Allowed: 'allowed', ExplicitlyDenied: 'explicitDeny', ImplicitlyDenied: 'implicitDeny' }[answer.result]
}

for await (const line of createInterface({ input: process.stdin })) {
  const scenario = JSON.parse(line)
  if (scenario.sessionPolicies?.length > 1) continue // the engine takes one
  let decision
  try {
    decision = decide(scenario)
  } catch (e) {
    decision = 'error'
  }
  console.log(JSON.stringify({ id: scenario.id, decision }))
}
