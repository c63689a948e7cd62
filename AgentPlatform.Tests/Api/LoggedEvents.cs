using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AgentPlatform.Tests.Api;

/// <summary>Keeps what the code under test logs and passes it to the test's output.</summary>
internal sealed class LoggedEvents : ILoggerProvider
{
    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;

    public ConcurrentQueue<Entry> All { get; } = [];

    public Entry[] Named(string name) => [.. All.Where(entry => entry.Name == name)];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private void Add(Entry entry)
    {
        All.Enqueue(entry);
        try
        {
            _output?.WriteLine($"{entry.Level} {entry.Category} {entry.Name}: {entry.Text}");
        }
        catch (InvalidOperationException)
        {
            // The test is over; what comes after belongs to no output.
        }
    }

    internal sealed record Entry(LogLevel Level, string Category, string? Name, string Text);

    private sealed class Logger(LoggedEvents events, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                events.Add(new Entry(logLevel, category, eventId.Name, $"{formatter(state, exception)} {exception}"));
            }
        }
    }
}
