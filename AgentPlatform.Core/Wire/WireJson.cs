using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Core.Wire;

/// <summary>The one JSON dialect: snake_case, enums as words, absent instead of null in what we store and send inside.</summary>
public static class WireJson
{
    /// <summary>For the journal and between our own processes.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Settings every dialect of ours shares.</summary>
    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        // jsonb does not keep the order of members, so the discriminator may come last.
        options.AllowOutOfOrderMetadataProperties = true;
        options.AllowDuplicateProperties = false;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
        Apply(options);
        options.TypeInfoResolverChain.Add(WireJsonContext.Default);
        options.MakeReadOnly();
        return options;
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(IReadOnlyList<RunEvent>))]
[JsonSerializable(typeof(List<RunEvent>))]
[JsonSerializable(typeof(RunEvent[]))]
[JsonSerializable(typeof(RunRequest))]
[JsonSerializable(typeof(CallerContext))]
[JsonSerializable(typeof(IReadOnlyList<BroughtMessage>))]
[JsonSerializable(typeof(IReadOnlyList<ToolCall>))]
[JsonSerializable(typeof(RunFrame))]
[JsonSerializable(typeof(RunOutcome))]
[JsonSerializable(typeof(AgentInfo[]))]
[JsonSerializable(typeof(IReadOnlyList<AgentInfo>))]
[JsonSerializable(typeof(Page<RunSummary>))]
[JsonSerializable(typeof(Page<SessionView>))]
[JsonSerializable(typeof(Page<TurnView>))]
[JsonSerializable(typeof(RunView))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(SessionState))]
[JsonSerializable(typeof(ToldAnswer))]
[JsonSerializable(typeof(SessionFork))]
[JsonSerializable(typeof(ApprovalDecision))]
[JsonSerializable(typeof(CallOutcome))]
[JsonSerializable(typeof(RunStanding))]
[JsonSerializable(typeof(RepeatedRun))]
[JsonSerializable(typeof(IdempotencyClaim))]
[JsonSerializable(typeof(IdempotencySettlement))]
[JsonSerializable(typeof(IdempotencyRelease))]
[JsonSerializable(typeof(IdempotencyStanding))]
[JsonSerializable(typeof(RunExplanation))]
[JsonSerializable(typeof(SessionReport))]
[JsonSerializable(typeof(BudgetExceeded))]
[JsonSerializable(typeof(BudgetStandings))]
[JsonSerializable(typeof(KeyProof))]
[JsonSerializable(typeof(KeyHolder))]
[JsonSerializable(typeof(NewApiKey))]
[JsonSerializable(typeof(MadeApiKey))]
[JsonSerializable(typeof(ApiKeyView))]
[JsonSerializable(typeof(Page<ApiKeyView>))]
[JsonSerializable(typeof(Page<AuditEvent>))]
[JsonSerializable(typeof(DeniedAccess[]))]
[JsonSerializable(typeof(TenantRemoval))]
[JsonSerializable(typeof(ToolListing))]
[JsonSerializable(typeof(ToolAcceptance))]
internal sealed partial class WireJsonContext : JsonSerializerContext;
