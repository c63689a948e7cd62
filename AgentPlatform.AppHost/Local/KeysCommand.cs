using System.Diagnostics;
using System.Text.Json;
using AgentPlatform.ServiceDefaults;

namespace AgentPlatform.AppHost.Local;

/// <summary>
/// <c>keys …</c>: the executor's command for API keys, on the database of the local stack, whose password only its data folder knows. The stack may run or not,
/// as long as its Postgres does.
/// </summary>
internal static class KeysCommand
{
    public const string Name = "keys";

    /// <returns>The exit code of the executor's command; 1 when there is no local stack to ask.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var folder = Path.GetFullPath(DataFolderOf(arguments) ?? LocalData.DefaultFolder());
        if (ConnectionString(folder) is not { } connectionString)
        {
            await Console.Error.WriteLineAsync(
                $"There is no local stack in {folder}: start it once, or name its folder with --data DIR. For any other database run the executor with these arguments and ConnectionStrings__{ResourceNames.Database}.");
            return 1;
        }

        var command = BuiltProgram.Service("AgentPlatform.Executor").Command([.. WithoutDataFolder(arguments)]);
        using var process = new Process { StartInfo = new ProcessStartInfo(command.FileName, command.Arguments) { UseShellExecute = false } };
        process.StartInfo.Environment[$"ConnectionStrings__{ResourceNames.Database}"] = connectionString;
        process.Start();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static string? ConnectionString(string folder)
    {
        var file = Path.Combine(folder, LocalData.StateFile);
        if (!File.Exists(file))
        {
            return null;
        }

        var state = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file));
        return state is not null
            && state.TryGetValue($"{ResourceNames.Postgres}.port", out var port)
            && state.TryGetValue($"{ResourceNames.Postgres}.password", out var password)
            ? PostgresServer.ConnectionStringOf(port, password)
            : null;
    }

    private static string? DataFolderOf(IReadOnlyList<string> arguments) =>
        arguments.SkipWhile(argument => argument != "--data").Skip(1).FirstOrDefault();

    private static IEnumerable<string> WithoutDataFolder(IReadOnlyList<string> arguments) =>
        arguments.Where((argument, index) => argument != "--data" && (index == 0 || arguments[index - 1] != "--data"));
}
