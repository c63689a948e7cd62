namespace AgentPlatform.AppHost;

/// <summary>Which stack runs, and the one line that says why when it is the local one by default.</summary>
internal sealed record StackChoice(StackKind Stack, string? Reason)
{
    private static readonly string[] PublishArguments = ["--operation", "--publisher", "--step"];

    /// <summary>True when the AppHost is asked for a manifest or deployment steps, not to run.</summary>
    public static bool IsPublish(IReadOnlyList<string> arguments) =>
        arguments.Any(argument => PublishArguments.Contains(argument.Split('=')[0], StringComparer.OrdinalIgnoreCase));

    /// <summary>What was asked for; else Aspire where it was built in and containers work; else the local stack.</summary>
    public static async Task<StackChoice> MakeAsync(AppHostOptions options)
    {
        if (options.Stack is { } stated)
        {
            return new(stated, null);
        }

        if (!AspireStack.IsBuiltIn)
        {
            return new(StackKind.Local, "Local stack: this build has no Aspire packages (their feed did not offer them; state -p:UseAspire=true where one does).");
        }

        return await ContainerRuntime.AnswersAsync()
            ? new(StackKind.Aspire, null)
            : new(StackKind.Local, "Local stack: no container runtime answered (start Docker or Podman for the Aspire stack and its dashboard).");
    }
}
