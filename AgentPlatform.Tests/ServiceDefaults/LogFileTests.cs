using System.Buffers;
using System.Text;
using AgentPlatform.ServiceDefaults.Logging;
using AgentPlatform.ServiceDefaults.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;
using Xunit;

namespace AgentPlatform.Tests.ServiceDefaults;

public sealed partial class LogFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentplatform-log-");

    private string LogPath => Path.Combine(_folder.FullName, "made", "api.jsonl");

    [Fact]
    public async Task Lines_are_appended_to_the_configured_file_and_all_there_after_the_stop()
    {
        for (var start = 1; start <= 2; start++)
        {
            using var host = Host();
            await host.StartAsync(TestContext.Current.CancellationToken);
            var logger = host.Services.GetRequiredService<ILogger<LogFileTests>>();
            for (var i = 0; i < 500; i++)
            {
                Line(logger, start, i);
            }

            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        var lines = TestService.ReadLines(await File.ReadAllTextAsync(LogPath, TestContext.Current.CancellationToken));
        var seen = lines.Where(line => line.TryGetProperty("number", out _))
            .Select(line => (line.GetProperty("start").GetInt32(), line.GetProperty("number").GetInt32()));
        Assert.Equal(Enumerable.Range(1, 2).SelectMany(start => Enumerable.Range(0, 500).Select(i => (start, i))), seen);
    }

    [Fact]
    public async Task A_line_reaches_the_file_within_half_a_second_while_the_process_runs()
    {
        using var host = Host();
        await host.StartAsync(TestContext.Current.CancellationToken);
        Line(host.Services.GetRequiredService<ILogger<LogFileTests>>(), 1, 4711);

        var began = TimeProvider.System.GetTimestamp();
        while (!File.Exists(LogPath) || !(await ReadSharedAsync()).Contains("4711", StringComparison.Ordinal))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(5), "the line did not arrive");
            await Task.Yield();
        }

        // Generous for a loaded machine; the batch interval is a quarter of a second.
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_full_file_is_rolled_and_the_oldest_dropped()
    {
        using (var file = new RollingLogFile(LogPath, maxBytes: 10, keepFiles: 2))
        {
            foreach (var line in (string[])["first\n", "2nd\n", "third\n", "fourth\n", "fifth\n"])
            {
                file.Write(Encoding.UTF8.GetBytes(line));
            }
        }

        Assert.Equal("fifth\n", File.ReadAllText(LogPath));
        Assert.Equal("fourth\n", File.ReadAllText(LogPath + ".1"));
        Assert.Equal("third\n", File.ReadAllText(LogPath + ".2"));
        Assert.Equal(3, Directory.GetFiles(Path.GetDirectoryName(LogPath)!).Length);
    }

    [Fact]
    public void The_line_for_people_is_short_and_cannot_steer_the_terminal()
    {
        var logEvent = new LogEvent(
            new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), LogEventLevel.Warning, new IOException("disk\nfull"),
            new MessageTemplateParser().Parse("Lost {What}"),
            [new LogEventProperty("What", new ScalarValue("a\u001b[31m\nb")), new LogEventProperty(Constants.SourceContextPropertyName, new ScalarValue("Some.Space.Writer"))]);
        var output = new ArrayBufferWriter<byte>();
        new ConsoleLogLine(new LogText(SecretMask.None)).Write(logEvent, output);

        Assert.Equal("03:04:05 Warning Writer: Lost a [31m b (IOException: disk full)\n", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private IHost Host()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Logging:File:Path", (string?)LogPath)]);
        builder.AddServiceDefaults();
        return builder.Build();
    }

    private async Task<string> ReadSharedAsync()
    {
        using var reader = new StreamReader(new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    [LoggerMessage(1, LogLevel.Information, "Line {Number} of {Start}")]
    private static partial void Line(ILogger logger, int start, int number);
}
