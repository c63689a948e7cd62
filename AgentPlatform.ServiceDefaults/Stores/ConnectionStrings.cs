namespace AgentPlatform.ServiceDefaults.Stores;

/// <summary>What to say when a connection string is missing.</summary>
internal static class ConnectionStrings
{
    internal static InvalidOperationException Missing(string name, string example) => new(
        $"ConnectionStrings:{name} is not set. Start the stack with 'dotnet run --project AgentPlatform.AppHost', which sets it, "
        + $"or set the environment variable ConnectionStrings__{name}, for example to \"{example}\".");
}
