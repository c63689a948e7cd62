using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Cache;
using AgentPlatform.Api.Keys;
using AgentPlatform.Api.OpenAI;
using AgentPlatform.Api.OpenAI.Chat;
using AgentPlatform.Api.OpenAI.Models;
using AgentPlatform.Api.OpenAI.Responses;
using AgentPlatform.Api.Runs;
using AgentPlatform.Api.Sessions;
using AgentPlatform.Api.Streaming;
using AgentPlatform.Api.Tenants;
using AgentPlatform.Api.Tools;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Mvc;

namespace AgentPlatform.Api;

/// <summary>
/// The dialect callers see: the wire's snake_case, with nulls written so that every member of an answer can be relied on,
/// and with unknown members, duplicate members and numbers in quotation marks refused in what they send.
/// </summary>
internal static class PublicJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Arguments of a call, as they came.</summary>
    public static JsonTypeInfo<IDictionary<string, JsonElement>> Arguments { get; } =
        (JsonTypeInfo<IDictionary<string, JsonElement>>)Options.GetTypeInfo(typeof(IDictionary<string, JsonElement>));

    public static IServiceCollection AddPublicJson(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(json => Apply(json.SerializerOptions));

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions();
        Apply(options);
        options.MakeReadOnly();
        return options;
    }

    private static void Apply(JsonSerializerOptions options)
    {
        WireJson.Apply(options);
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        options.TypeInfoResolverChain.Insert(0, PublicJsonContext.Default);
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AskBody))]
[JsonSerializable(typeof(AgentAnswer))]
[JsonSerializable(typeof(RemovedAnswers))]
[JsonSerializable(typeof(AwaitingApprovalBody))]
[JsonSerializable(typeof(RunBody))]
[JsonSerializable(typeof(AcceptedRun))]
[JsonSerializable(typeof(DecisionBody))]
[JsonSerializable(typeof(OutcomeBody))]
[JsonSerializable(typeof(RunStanding))]
[JsonSerializable(typeof(RunExplanation))]
[JsonSerializable(typeof(SessionReport))]
[JsonSerializable(typeof(BudgetStandings))]
[JsonSerializable(typeof(NewKeyBody))]
[JsonSerializable(typeof(MadeApiKey))]
[JsonSerializable(typeof(ApiKeyView))]
[JsonSerializable(typeof(Page<ApiKeyView>))]
[JsonSerializable(typeof(Page<AuditEvent>))]
[JsonSerializable(typeof(RemovedTenant))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ChatChunk))]
[JsonSerializable(typeof(ResponseBody))]
[JsonSerializable(typeof(InputItemList))]
[JsonSerializable(typeof(DeletedResponse))]
[JsonSerializable(typeof(ToolListing))]
[JsonSerializable(typeof(AcceptBody))]
[JsonSerializable(typeof(BudgetExceeded))]
[JsonSerializable(typeof(RunDetail))]
[JsonSerializable(typeof(Page<RunSummary>))]
[JsonSerializable(typeof(NewSession))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(Page<SessionView>))]
[JsonSerializable(typeof(Page<TurnView>))]
[JsonSerializable(typeof(AgentInfo))]
[JsonSerializable(typeof(IReadOnlyList<AgentInfo>))]
[JsonSerializable(typeof(IDictionary<string, JsonElement>))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(RunStartedData))]
[JsonSerializable(typeof(RunResumedData))]
[JsonSerializable(typeof(DeltaData))]
[JsonSerializable(typeof(ReplyDiscardedData))]
[JsonSerializable(typeof(ModelRepliedData))]
[JsonSerializable(typeof(ToolStartedData))]
[JsonSerializable(typeof(ToolReturnedData))]
[JsonSerializable(typeof(ApprovalRequestedData))]
[JsonSerializable(typeof(ApprovalDecidedData))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(long))]
internal sealed partial class PublicJsonContext : JsonSerializerContext;
