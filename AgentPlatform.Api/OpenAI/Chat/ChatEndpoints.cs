using System.Globalization;
using AgentPlatform.Api.Admission;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Faults;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.Identity;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Quotas;
using AgentPlatform.Core.Faults;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.OpenAI.Chat;

/// <summary>Chat completions: the caller keeps the conversation, and an agent answers it as a model would.</summary>
internal static class ChatEndpoints
{
    private const string Route = "POST /v1/chat/completions";

    /// <summary>Seconds the run may take; clients of OpenAI have no parameter for it.</summary>
    public const string TimeoutHeader = "X-Timeout";

    /// <summary><c>true</c>: an error instead of a degraded answer.</summary>
    public const string StrictHeader = "X-Strict";

    /// <summary>On an answer that is not the agent's own full one: what it is, and why.</summary>
    public const string DegradedHeader = "X-Agent-Degraded";

    public static void MapChatCompletions(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/chat/completions", CompleteAsync)
            .RequireScope(Scopes.Run)
            .WithName("createChatCompletion")
            .WithSummary("Answer a conversation, as OpenAI's clients ask for it")
            .WithDescription(
                """
                `model` is an agent. The conversation is the request's; nothing is kept between requests but the run. `tools` are the caller's own: the answer then ends with calls of them, and
                the next request brings their results. Answers that are not the agent's own full one say so in `degraded` and `X-Agent-Degraded`; with `X-Strict: true` they are errors.
                Parameters that would change the answer and cannot be had are refused by name.
                """)
            .WithOpenAIBody("""{"model":"default","messages":[{"role":"user","content":"What is 17% of 2340?"}]}""")
            .Produces<ChatCompletion>()
            .WithIdempotencyKey()
            .WithQuota()
            .WithAdmission()
            .WithFaults()
            .ProducesProblems(400, 404, 409, 413, 415, 422, 429, 502, 503, 504);

    private static async Task<IResult> CompleteAsync(
        HttpContext context, ChatAsking asking, AgentDirectory agents, RepeatedRequests repeated, FaultHeader faultHeader, IOptions<FallbackOptions> fallback,
        TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var body = await OpenAIBody.ReadAsync(context.Request, cancellationToken);
        if (!body.IsGood)
        {
            return body.Problem;
        }

        var read = ChatRequestReader.Read(body.Value.Root);
        FaultPlan? faults = null;
        string? key = null;
        var timeout = QuestionBody.DefaultTimeout;
        if ((read.Problem ?? Timeout(context.Request, ref timeout) ?? IdempotencyKey.Read(context.Request, out key) ?? faultHeader.Read(context.Request, out faults)
            ?? AdmissionControl.Late(context, timeout)) is { } broken)
        {
            return broken;
        }

        var request = read.Value!;
        var agent = (await agents.GetAsync(cancellationToken))?.Find(request.Model);
        if (Collision(request.Context, request.Model, agent) is { } collision)
        {
            return collision;
        }

        var question = request.ToQuestion(context, timeout, context.Request.Headers[StrictHeader] is ["true"]).Under(faults);
        question = await repeated.IdentifyAsync(question, context.Request, body.Value.Sha256, cancellationToken);
        var completion = new CompletionIds($"chatcmpl-{question.RunId:N}", timeProvider.GetUtcNow().ToUnixTimeSeconds());
        var keyed = key is null ? null : new KeyedRequest(question.TenantId, Route, key, JsonHash.Of(body.Value.Root)) { Within = TimeSpan.FromSeconds(timeout) + fallback.Value.Deadline };
        if (request.Stream)
        {
            return new StreamedCompletion(question, request, completion, keyed, holdsBack: (request.Context?.ResponseSchema ?? agent?.ResponseSchema) is not null);
        }

        var asked = await asking.AskAsync(question, request, completion, keyed, live: null, cancellationToken);
        return asked.IsGood ? asked.Value : asked.Problem;
    }

    public static void Announce(HttpResponse response, AgentAnswer answer)
    {
        if (answer.Degraded is { } degraded)
        {
            response.Headers[DegradedHeader] = $"{degraded.Level.Word()}; {degraded.Reason.Word()}";
        }
    }

    /// <summary>Not a conflict and not a 5xx: clients repeat those by themselves, and the run goes on when somebody decides.</summary>
    public static ProblemHttpResult NeedsApproval(AgentResult.AwaitingApproval waiting) => Problem.Result(
        StatusCodes.Status422UnprocessableEntity, ProblemCodes.ApprovalRequired,
        $"The agent waits for a person to decide on {string.Join(", ", waiting.Approvals.Select(approval => $"'{approval.Tool}'"))}. Decide at /runs/{waiting.RunId}/approvals, and read the answer at /runs/{waiting.RunId}.",
        runId: waiting.RunId);

    /// <param name="timeout">Stays what it is where the caller does not say.</param>
    public static ProblemHttpResult? Timeout(HttpRequest request, ref double timeout)
    {
        return !request.Headers.TryGetValue(TimeoutHeader, out var asked)
            || (double.TryParse(asked, NumberStyles.Float, CultureInfo.InvariantCulture, out timeout) && timeout is >= QuestionBody.MinTimeout and <= QuestionBody.MaxTimeout)
                ? null
                : Problem.Invalid(TimeoutHeader, $"'{TimeoutHeader}' must be a number of seconds from {QuestionBody.MinTimeout} to {QuestionBody.MaxTimeout}.");
    }

    /// <summary>Of two tools with one name nobody could say which is called.</summary>
    public static ProblemHttpResult? Collision(CallerContext? context, string model, AgentInfo? agent) =>
        context?.Tools.FirstOrDefault(tool => agent?.Tools.Any(own => own.Name == tool.Name) is true) is { } twice
            ? Problem.Invalid("tools", $"'{twice.Name}' is a tool of the agent '{model}' itself. Give yours another name.")
            : null;
}
