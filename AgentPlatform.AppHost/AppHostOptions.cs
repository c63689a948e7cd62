using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AgentPlatform.AppHost;

/// <summary>What the command line says.</summary>
internal sealed record AppHostOptions
{
    /// <summary>Text of <c>--help</c>.</summary>
    public const string Help =
        """
        Runs the whole platform: stores, executors, APIs.

          --stack aspire|local   containers and dashboard, or child processes (default: aspire where it works)
          --executors N          number of executors, 1 to 16 (default 1)
          --apis N               number of APIs, 1 to 16 (default 1); the first takes --port, the others free ports
          --port P               port of the first API on localhost (default 5080)
          --data DIR             where the local stack keeps data and logs (default: .data beside the solution)
          --help                 this text
          keys create|list|revoke   API keys of the local stack's tenants; alone it says what it takes

        OTEL_*, OPENAI_*, AZURE_OPENAI_* and Models__* variables reach the services.
        """;

    private const int MostReplicas = 16;

    public StackKind? Stack { get; init; }

    public int Executors { get; init; } = 1;

    public int Apis { get; init; } = 1;

    public int Port { get; init; } = 5080;

    /// <summary>Null: the default folder of the built AppHost.</summary>
    public string? DataFolder { get; init; }

    public bool ShowHelp { get; init; }

    /// <summary>Reads <c>--name value</c> and <c>--name=value</c>; the error names the argument and what it may be.</summary>
    public static bool TryParse(IReadOnlyList<string> arguments, out AppHostOptions options, [NotNullWhen(false)] out string? error)
    {
        options = new AppHostOptions();
        error = null;
        for (var index = 0; index < arguments.Count && error is null; index++)
        {
            var parts = arguments[index].Split('=', 2);
            if (parts[0] is "--help" or "-h" or "-?")
            {
                options = options with { ShowHelp = true };
                continue;
            }

            var known = parts[0] is "--stack" or "--executors" or "--apis" or "--port" or "--data";
            var value = !known ? null : parts.Length == 2 ? parts[1] : ++index < arguments.Count ? arguments[index] : null;
            (options, error) = (known, value) switch
            {
                (false, _) => (options, $"Unknown option '{parts[0]}'."),
                (_, null or "") => (options, $"{parts[0]} needs a value."),
                _ => options.With(parts[0], value),
            };
        }

        return error is null;
    }

    private (AppHostOptions Options, string? Error) With(string name, string value) => name switch
    {
        "--stack" when Enum.TryParse<StackKind>(value, ignoreCase: true, out var stack) && !int.TryParse(value, out _) => (this with { Stack = stack }, null),
        "--stack" => (this, $"--stack is 'aspire' or 'local', not '{value}'."),
        "--executors" when IsWithin(value, MostReplicas, out var executors) => (this with { Executors = executors }, null),
        "--apis" when IsWithin(value, MostReplicas, out var apis) => (this with { Apis = apis }, null),
        "--executors" or "--apis" => (this, $"{name} is a number from 1 to {MostReplicas}, not '{value}'."),
        "--port" when IsWithin(value, ushort.MaxValue, out var port) => (this with { Port = port }, null),
        "--port" => (this, $"--port is a number from 1 to {ushort.MaxValue}, not '{value}'."),
        _ => (this with { DataFolder = value }, null),
    };

    private static bool IsWithin(string text, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= most;
}
