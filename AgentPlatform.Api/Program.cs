using AgentPlatform.Api;
using AgentPlatform.Api.Admission;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Agents;
using AgentPlatform.Api.Audit;
using AgentPlatform.Api.Budgets;
using AgentPlatform.Api.Cache;
using AgentPlatform.Api.Hosting;
using AgentPlatform.Api.Identity;
using AgentPlatform.Api.Keys;
using AgentPlatform.Api.Mcp;
using AgentPlatform.Api.OpenAI;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Quotas;
using AgentPlatform.Api.Runs;
using AgentPlatform.Api.Runs.Watching;
using AgentPlatform.Api.Sessions;
using AgentPlatform.Api.Tenants;
using AgentPlatform.Api.Tools;
using AgentPlatform.Core.ChatModels;
using AgentPlatform.Core.Identity;
using AgentPlatform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRedisDistributedCache(ResourceNames.Cache);
builder.AddIdentity();
builder.AddProxies();
builder.AddCrossOrigins();
builder.Services
    .AddPublicJson()
    .AddProblems()
    .AddApiDescription()
    .AddChatModels(builder.Configuration)
    .AddApiHealth()
    .AddConnectionLimits()
    .AddQuotas()
    .AddAdmission()
    .AddAgentRequests()
    .AddAudit()
    .AddOpenAI()
    .AddMcpFront();

var app = builder.Build();
// The order matters: first who really asks, and by which scheme; what answers is cleaned last; a problem is made of whatever goes wrong behind it; a browser's
// question whether it may ask carries no key.
app.UseProxies();
app.UseUnreadBodies();
app.UseResponseHygiene();
app.UseProblems();
app.UseHttpsWherePossible();
app.UseRequestRules();
app.UseCrossOrigins();
app.UseIdentity();

app.MapAgent();
app.MapRuns();
app.MapRunEvents();
app.MapRunCommands();
app.MapSessions();
app.MapSessionState();
app.MapAgents();
app.MapAgentSchema();
app.MapTools();
app.MapBudgets();
app.MapAnswerCache();
app.MapApiKeys();
app.MapAudit();
app.MapTenant();
app.MapOpenAI();
app.MapMcpFront();
app.MapDefaultEndpoints();
app.MapHealth().RequireScope(Scopes.Read);
app.MapMetricsAndTotals().RequireScope(Scopes.Read);
app.MapApiDescription();

await app.RunAsync();
