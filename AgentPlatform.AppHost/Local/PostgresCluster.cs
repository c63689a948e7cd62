using System.Collections.Concurrent;
using AgentPlatform.ServiceDefaults;

namespace AgentPlatform.AppHost.Local;

/// <summary>Makes the cluster and its database, once. It appears under its final name only when it is complete.</summary>
internal sealed class PostgresCluster(PostgresBinaries binaries, string home, UnixUser? user, string password, LaunchThread launcher)
{
    public const string SuperUser = "postgres";

    public string Folder { get; } = Path.Combine(home, "cluster");

    public async Task EnsureAsync()
    {
        PostgresHome.Create(home, user);
        if (Directory.Exists(Folder))
        {
            return;
        }

        var draft = Folder + ".new";
        var passwordFile = Path.Combine(home, "password");
        PrivateFile.Write(passwordFile, System.Text.Encoding.ASCII.GetBytes(password));
        user?.Own(passwordFile);
        try
        {
            // Not every machine has C.UTF-8; C sorts and compares the same.
            if (!await InitializeAsync(draft, passwordFile, "C.UTF-8"))
            {
                await InitializeAsync(draft, passwordFile, "C");
            }
        }
        finally
        {
            File.Delete(passwordFile);
        }

        // Single-user mode needs no server, port or client.
        await RunAsync(new LaunchCommand(binaries.Postgres, "--single", "-D", draft, "postgres") { Input = $"CREATE DATABASE {ResourceNames.Database}\n" });
        Directory.Move(draft, Folder);
    }

    /// <summary>False when the machine does not have the locale.</summary>
    private async Task<bool> InitializeAsync(string folder, string passwordFile, string locale)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        var command = new LaunchCommand(
            binaries.InitDb, "-D", folder, "-E", "UTF8", $"--locale={locale}", "--auth=scram-sha-256", $"--username={SuperUser}", $"--pwfile={passwordFile}");
        try
        {
            await RunAsync(command);
            return true;
        }
        catch (StartFailedException exception) when (locale != "C" && exception.Message.Contains("locale", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
    }

    private async Task RunAsync(LaunchCommand command)
    {
        var words = new ConcurrentQueue<string>();
        using var process = await ChildProcess.StartAsync(command with { User = user, WorkingDirectory = home }, launcher, words.Enqueue);
        if (await process.Exited != 0)
        {
            throw new StartFailedException($"{command.FileName} failed:{Environment.NewLine}{string.Join(Environment.NewLine, words)}");
        }
    }
}
