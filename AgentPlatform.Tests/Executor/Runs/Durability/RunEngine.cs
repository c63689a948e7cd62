using AgentPlatform.Core.ChatModels;
using AgentPlatform.Executor.Leases;
using AgentPlatform.Executor.Runs;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.Executor.Tools;
using AgentPlatform.ServiceDefaults.Secrets;
using AgentPlatform.Tests.ServiceDefaults;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>The parts of the executor that take a run from step to step, the real ones; only the models are pretended.</summary>
internal sealed class RunEngine
{
    private readonly ModelStep _model;
    private readonly ToolInvoker _invoker = new(SecretMask.None, Time, NullLogger<ToolInvoker>.Instance);

    private RunEngine(ChatModelCatalogue models) =>
        _model = new ModelStep(models, new ModelCaller(TestCircuits.Guards(Time), Time, NullLogger<ModelCaller>.Instance), NullLogger<ModelStep>.Instance);

    public static TimeProvider Time { get; } = new StillTime();

    public static IReadOnlyList<ConversationTurn> History { get; } = [new ConversationTurn(1, "hello", "hi")];

    public static RunEngine Scripted() => Over(new ScriptedModel(ScriptedModel.First), new ScriptedModel(ScriptedModel.Fallback));

    public static RunEngine Over(IChatClient first, IChatClient fallback)
    {
        var models = new ChatModelCatalogue();
        models.Fill([Model(ScriptedModel.First, first), Model(ScriptedModel.Fallback, fallback)]);
        return new RunEngine(models);
    }

    public static RunRules RulesOf(Scenario scenario)
    {
        var agent = RunScript.Agent(scenario.Limits, scenario.Approval);
        return new RunRules(agent with { Model = ScriptedModel.First, FallbackModels = [ScriptedModel.Fallback] }, CountingTools.All);
    }

    public AgentLoop LoopUnder(ExecutorLease lease) => new(_model, _invoker, lease, Time, NullLogger<AgentLoop>.Instance);

    private static ChatModel Model(string name, IChatClient client) => new(
        new ModelSettings(name, "openai", Endpoint: null, ApiKey: null, name, InputPrice: 3m, OutputPrice: 15m, "test", "test"),
        name,
        new WatchedModel(client));
}
