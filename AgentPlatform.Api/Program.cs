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
// The order matters: what answers is cleaned last, and a problem is made of whatever goes wrong behind it.
app.UseResponseHygiene();
app.UseProblems();
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
