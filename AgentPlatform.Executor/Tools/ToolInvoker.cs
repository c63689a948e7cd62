using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentPlatform.ServiceDefaults.Secrets;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Executor.Tools;

/// <summary>
/// Makes one call of one tool, and always gives the model a text:
/// 1. read the arguments and hold them against the tool's schema; what is wrong goes back in words the model can act on;
/// 2. run the tool away from the caller's scheduler, within its total deadline, in a span;
/// 3. turn the result into text, clean it, take out secrets that its server may have repeated, cap it.
/// Only the caller's own cancellation leaves as an exception.
/// </summary>
internal sealed partial class ToolInvoker(SecretMask secrets, TimeProvider time, ILogger<ToolInvoker> logger)
{
    private const int MaxErrorLength = 4_000;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Keyed by the function, so that a tool that goes away takes its schema with it.</summary>
    private readonly ConditionalWeakTable<AIFunction, ToolArguments> _arguments = [];

    /// <summary>The result of a call to something that is not there or was not offered.</summary>
    public static ToolResult Unknown(string name, IReadOnlyCollection<string> offered)
    {
        var shown = ToolText.Cap(ToolText.Clean(name), 100, out _);
        var choice = offered.Count == 0 ? "No tools can be called; answer without." : $"Tools that can be called: {string.Join(", ", offered)}.";
        return new ToolResult($"There is no tool '{shown}'. {choice}", ToolErrorKind.UnknownTool, false, TimeSpan.Zero);
    }

    /// <param name="argumentsJson">As the model wrote it; empty counts as no arguments.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<ToolResult> InvokeAsync(
        AgentTool tool, string argumentsJson, ToolCallContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var span = AgentActivity.StartExecuteTool(tool.Name, context.CallId);
        var started = time.GetTimestamp();
        var (text, error) = await AttemptAsync(tool, argumentsJson, context, cancellationToken);
        if (error is { } kind)
        {
            span.Failed(JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()));
        }

        // The tool's cap is for its results; what went wrong must stay readable whatever a tool calls long.
        text = ToolText.Cap(secrets.Hide(ToolText.Clean(text)), error is null ? tool.MaxResultLength : MaxErrorLength, out var truncated);
        return new ToolResult(text, error, truncated, time.GetElapsedTime(started));
    }

    private async Task<(string Text, ToolErrorKind? Error)> AttemptAsync(
        AgentTool tool, string argumentsJson, ToolCallContext context, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(tool.Deadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var arguments = ArgumentsOf(tool).Read(argumentsJson, Strict);
            arguments.Context = new Dictionary<object, object?> { [typeof(ToolCallContext)] = context };

            // On the pool: a tool that blocks must not block the session that waits for it. The wait ends at the
            // deadline even when the tool does not look at its token.
            var call = Task.Run(() => FaultyTool.InvokeAsync(tool.Function, arguments, time, both.Token), both.Token);
            return (ToolText.From(await call.WaitAsync(both.Token)), null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (ToolException exception)
        {
            return (exception.Message, exception.Kind);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            TimedOut(tool.Name, tool.Deadline.TotalSeconds, context.RunId, context.CallId);
            return (TimeoutText(tool), FailureOf(tool, ToolErrorKind.Timeout));
        }
#pragma warning disable CA1031 // Whatever a tool throws ends as a sentence: the model must get exactly one result.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ToolFailed(exception, tool.Name, context.RunId, context.CallId);
            return ($"The tool '{tool.Name}' failed. Try other arguments, another tool, or answer without it.", FailureOf(tool, ToolErrorKind.Failed));
        }
    }

    private ToolArguments ArgumentsOf(AgentTool tool) =>
        _arguments.GetValue(tool.Function, static function => new ToolArguments(CompiledSchema.Parse(function.JsonSchema, closed: true)));

    /// <summary>A plain write that broke off may have happened, and is never made again.</summary>
    private static ToolErrorKind FailureOf(AgentTool tool, ToolErrorKind kind) =>
        tool.Effect == ToolEffect.Write ? ToolErrorKind.OutcomeUnknown : kind;

    private static string TimeoutText(AgentTool tool)
    {
        var effect = tool.Effect is ToolEffect.Idempotent or ToolEffect.Write ? " Whether it took effect is not known." : "";
        return FormattableString.Invariant(
            $"The tool '{tool.Name}' did not finish within {tool.Deadline.TotalSeconds:0.###} seconds and was given up.{effect}");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tool {Tool} failed in run {RunId}, call {CallId}")]
    private partial void ToolFailed(Exception exception, string tool, Guid runId, string callId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tool {Tool} gave nothing within {Seconds} s in run {RunId}, call {CallId}")]
    private partial void TimedOut(string tool, double seconds, Guid runId, string callId);
}
