using System.Buffers;
using System.Text.Json;
using AgentPlatform.Api.Admission;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Agents;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Faults;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Quotas;
using AgentPlatform.Core.Faults;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentPlatform.Api.Mcp.Tools;

/// <summary>
/// A call of an agent: the question of <c>POST /agent</c> in another envelope, answered by the same <see cref="AgentRequestHandler"/>. Headers count as they do there.
/// </summary>
internal sealed class AgentToolCall(
    AgentRequestHandler handler,
    AgentDirectory agents,
    ExecutorCommands commands,
    FaultHeader faultHeader,
    IHttpContextAccessor contexts,
    TimeProvider timeProvider)
{
    public async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        // A tool that is not there is an error of the protocol, whatever its arguments.
        var call = request.Params!;
        if (await agents.GetAsync(cancellationToken) is { } catalogue && catalogue.Find(call.Name) is null)
        {
            throw new McpProtocolException(AgentNames.NotFound(call.Name, catalogue), McpErrorCode.InvalidParams);
        }

        var context = contexts.HttpContext!;
        FaultPlan? faults = null;
        var body = Read(call);
        if ((body.Problem ?? AskRules.Broken(body.Value!) ?? faultHeader.Read(context.Request, out faults)
            ?? await QuotaControl.EnterAsync(context, cancellationToken)
            ?? await AdmissionControl.EnterAsync(context, cancellationToken)
            ?? AdmissionControl.Late(context, body.Value!.Timeout ?? QuestionBody.DefaultTimeout)) is { } broken)
        {
            return ToolResults.Of(broken, context);
        }

        var question = AgentQuestion.Of(body.Value!, context).Under(faults) with
        {
            RunId = Guid.CreateVersion7(timeProvider.GetUtcNow()),
            Metadata = ClientIdFilter.ClientOf(context) is { } client
                ? new Dictionary<string, string> { [CallLabel.Key] = CallLabel.Of(client, request.JsonRpcRequest.Id.ToString()) }
                : null,
        };
        var progress = call.ProgressToken is { } token ? new RunProgress(request.Server, token, timeProvider) : null;
        try
        {
            return ToolResults.Of(await handler.HandleAsync(question, progress, cancellationToken), context);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && McpRevision.HangingUpCancels(context))
        {
            await commands.CancelAsync(question.TenantId, question.RunId.Value, CancellationToken.None);
            throw;
        }
    }

    /// <summary>The arguments, read and diagnosed as a body is.</summary>
    private static OrProblem<AskBody> Read(CallToolRequestParams call)
    {
        var arguments = call.Arguments ?? new Dictionary<string, JsonElement>();
        var json = JsonSerializer.SerializeToUtf8Bytes(arguments, PublicJson.Arguments);
        if (arguments.Keys.All(name => ToolSchemas.Shape.Fields.Any(field => field.Name == name)))
        {
            try
            {
                if (JsonSerializer.Deserialize<AskBody>(json, PublicJson.Options) is { } body)
                {
                    return body with { Agent = call.Name };
                }
            }
            catch (JsonException)
            {
                // Told in the words of the diagnosis.
            }
        }

        return BodyDiagnosis.Explain(new ReadOnlySequence<byte>(json), ToolSchemas.Shape);
    }
}
