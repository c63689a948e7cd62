namespace AgentPlatform.AppHost;

/// <summary>Stands in for the app model in a build without the Aspire packages.</summary>
internal static class AspireStack
{
    /// <summary>Whether this build can run the Aspire stack.</summary>
    public static bool IsBuiltIn => false;

    /// <summary>Says what is missing.</summary>
    public static async Task<int> RunAsync(string[] arguments, AppHostOptions options)
    {
        await Console.Error.WriteLineAsync(
            $"The Aspire stack ({options.Executors} executor, {arguments.Length} arguments) is not part of this build: restore from a feed that carries Aspire and build with -p:UseAspire=true.");
        return 1;
    }
}
