using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Core.ChatModels;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Audit;
using AgentPlatform.Executor.Budgets;
using AgentPlatform.Executor.Cluster;
using AgentPlatform.Executor.Gate;
using AgentPlatform.Executor.Documents;
using AgentPlatform.Executor.Idempotency;
using AgentPlatform.Executor.Journal;
using AgentPlatform.Executor.Keys;
using AgentPlatform.Executor.Leases;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Retention;
using AgentPlatform.Executor.Runs;
using AgentPlatform.Executor.Runs.Commands;
using AgentPlatform.Executor.Runs.Queries;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Executor.Tenants.Data;
using AgentPlatform.Executor.Tools;
using AgentPlatform.ServiceDefaults;

if (args is [KeyCommand.Name, ..])
{
    return await KeyCommand.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
}

var builder = WebApplication.CreateBuilder(args);

// Order matters: hosted services start in this order and stop in the reverse one, so the schema comes first and the
// journal's writer and the lease outlive the runs.
builder.AddServiceDefaults(ExecutorDefaults.Set);
builder.AddInternalGate();
builder.AddNpgsqlDbContext<AgentDbContext>(ResourceNames.Database);
builder.AddAgentStorage();
builder.AddExecutorLease();
builder.AddRunJournal();

builder.AddRedisDistributedCache(ResourceNames.Cache);
builder.Services.AddAnswerCache();
builder.Services.AddChatModels(builder.Configuration);
builder.Services.AddTools();
builder.Services.AddDocuments();
builder.Services.AddAgents(services => AgentModels.Of(services.GetRequiredService<ChatModelCatalogue>()));

builder.AddAgentCluster();
builder.AddBudgets();
builder.AddRuns();
builder.AddRetention();
builder.Services.AddSessionWriter();
builder.Services.AddRunQueries();
builder.Services.AddSessionStorage();
builder.Services.AddIdempotency();
builder.Services.AddApiKeys();
builder.Services.AddAudit();
builder.Services.AddTenantData();
builder.Services.AddExecutorProblems();

var app = builder.Build();

app.UseExceptionHandler();
app.UseRequestRules();
app.UseInternalGate();
app.MapDefaultEndpoints();
app.MapHealth();
app.MapMetrics();
app.MapRuns();
app.MapRunCommands();
app.MapRunQueries();
app.MapSessions();
app.MapSessionReports();
app.MapIdempotency();
app.MapAgents();
app.MapTools();
app.MapBudgets();
app.MapApiKeys();
app.MapAudit();
app.MapTenantData();

await app.RunAsync();
return 0;
