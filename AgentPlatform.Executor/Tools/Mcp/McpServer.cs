using System.Text.Json;
using System.Threading.Channels;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Tools.Pins;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>
/// One server, for as long as it is declared:
/// 1. open a session; where there is none, try again after a pause that grows to a bound;
/// 2. list its tools and hold them against what was accepted;
/// 3. list again when it says that they changed, when a call went wrong, when a person's word may have come, and from time to time;
/// 4. when the session is lost, take the tools away and begin again.
/// </summary>
internal sealed partial class McpServer : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Between looks for a person's word, which another executor may have been told, and for a database that was away.</summary>
    private static readonly TimeSpan WordPause = TimeSpan.FromSeconds(1);

    private readonly McpConnector _connector;
    private readonly ToolPins _pins;
    private readonly McpCaller _caller;
    private readonly McpSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action _changed;
    private readonly Channel<bool> _looks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _work;
    private volatile TaskCompletionSource<McpConnection> _session = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile McpOffer _offer = McpOffer.Down;
    private Dictionary<string, (string Hash, ToolEffect Effect)> _accepted = [];
    private string _leftOut = "";
    private bool _told;

    /// <param name="changed">Called after <see cref="Offer"/> became another.</param>
    public McpServer(
        McpServerDefinition definition,
        Action changed,
        McpConnector connector,
        ToolPins pins,
        McpCallerFactory callers,
        IOptions<McpSettings> settings,
        TimeProvider time,
        ILogger<McpServer> logger)
    {
        Definition = definition;
        (_changed, _connector, _pins, _settings, _time, _logger) = (changed, connector, pins, settings.Value, time, logger);
        _caller = callers.For(this);
        _work = Task.Run(KeepAsync);
    }

    public McpServerDefinition Definition { get; }

    public McpOffer Offer => _offer;

    /// <summary>Completes after the first attempt, whatever came of it.</summary>
    public Task Looked => _looked.Task;

    /// <summary>Of the child process, while there is one.</summary>
    public int? ProcessId => _session.Task is { IsCompletedSuccessfully: true } open ? open.Result.ProcessId : null;

    /// <summary>Ask the server for its tools now: what is known of it may be wrong.</summary>
    public void Look() => _looks.Writer.TryWrite(true);

    /// <summary>The session, or the next one if that comes soon.</summary>
    /// <exception cref="TimeoutException">It did not.</exception>
    public Task<McpConnection> SessionAsync(CancellationToken cancellationToken) =>
        _session.Task.WaitAsync(_settings.WaitForServer, _time, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _work;
        _caller.Dispose();
        _stopping.Dispose();
    }

    private async Task KeepAsync()
    {
        var pause = TimeSpan.Zero;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause, _time, _stopping.Token);
                await using var connection = await _connector.OpenAsync(Definition, Look, _stopping.Token);
                var began = _time.GetTimestamp();
                try
                {
                    await ServeAsync(connection, _stopping.Token);
                    LogLost(Definition.Name);
                }
                finally
                {
                    // One that fails as soon as it is there is no better than one that is not.
                    pause = _time.GetElapsedTime(began) > _settings.LongestPause ? TimeSpan.Zero : pause;
                    Down();
                }
            }
#pragma warning disable CA1031 // A program that is not there, a refused connection, nonsense instead of JSON: each has its own type, and none may end the loop.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (!_stopping.IsCancellationRequested && !_told)
                {
                    _told = true;
                    LogUnreachable(exception, Definition.Name, Definition.Source);
                }
            }

            _looked.TrySetResult();
            pause = pause == TimeSpan.Zero ? FirstPause : Min(pause * 2, _settings.LongestPause);
        }
    }

    /// <summary>Returns when the session is over.</summary>
    private async Task ServeAsync(McpConnection connection, CancellationToken stopping)
    {
        while (true)
        {
            var listed = await ListAsync(connection, stopping);
            var offer = await OfferAsync(connection, listed, stopping);
            _session.TrySetResult(connection);
            Take(offer);
            if (!await WaitAsync(connection, offer.Pending.Count > 0 ? WordPause : _settings.RefreshEvery, stopping))
            {
                return;
            }
        }
    }

    private async Task<IReadOnlyList<Tool>> ListAsync(McpConnection connection, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(_settings.ConnectTimeout);
        return await connection.ListAsync(limit.Token);
    }

    private async Task<McpOffer> OfferAsync(McpConnection connection, IReadOnlyList<Tool> tools, CancellationToken stopping)
    {
        var listed = McpToolList.Read(Definition, tools, out var left);
        var leftOut = string.Join("; ", left.Select(tool => $"'{tool.Tool}': {tool.Reason}"));
        if (leftOut != _leftOut && leftOut.Length > 0)
        {
            LogLeftOut(Definition.Name, leftOut);
        }

        _leftOut = leftOut;
        await CheckAsync(listed, stopping);
        var accepted = listed.Where(tool => _accepted.TryGetValue(tool.Name, out var known) && known == (tool.Hash, tool.Effect)).ToList();
        connection.Offer(accepted.Select(tool => tool.Remote));
        return new McpOffer(true, [.. accepted.Select(_caller.Tool)], accepted, [.. listed.Except(accepted)]);
    }

    /// <summary>What this process knows to be accepted needs no database; the rest waits for it.</summary>
    private async Task CheckAsync(IReadOnlyList<McpListedTool> listed, CancellationToken stopping)
    {
        if (listed.All(tool => _accepted.TryGetValue(tool.Name, out var known) && known == (tool.Hash, tool.Effect)))
        {
            return;
        }

        try
        {
            var names = await _pins.CheckAsync([.. listed.Select(Pin)], stopping);
            _accepted = listed.Where(tool => names.Contains(tool.Name)).ToDictionary(tool => tool.Name, tool => (tool.Hash, tool.Effect), StringComparer.Ordinal);
        }
        catch (Exception exception) when (DatabaseAway.Is(exception))
        {
            LogNotChecked(exception, Definition.Name);
        }
    }

    private static PinnedTool Pin(McpListedTool tool) => new(
        tool.Name, tool.Hash, tool.Effect, JsonSerializer.Serialize(new { description = tool.Description, schema = tool.Schema }));

    /// <returns>False when the session is over.</returns>
    private async Task<bool> WaitAsync(McpConnection connection, TimeSpan longest, CancellationToken stopping)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var asked = _looks.Reader.WaitToReadAsync(waiting.Token).AsTask();
        var first = await Task.WhenAny(connection.Lost, asked, Task.Delay(longest, _time, waiting.Token));
        await waiting.CancelAsync();
        stopping.ThrowIfCancellationRequested();
        if (first == asked)
        {
            _looks.Reader.TryRead(out _);
        }

        return !connection.Lost.IsCompleted;
    }

    private void Take(McpOffer offer)
    {
        var before = _offer;
        _told = false;
        _looked.TrySetResult();
        if (offer.IsAs(before))
        {
            return;
        }

        _offer = offer;
        var names = string.Join(", ", offer.Tools.Select(tool => $"{tool.Name} ({tool.Effect})"));
        LogOffers(Definition.Name, offer.Tools.Count, names);
        _changed();
    }

    private void Down()
    {
        if (_session.Task.IsCompleted)
        {
            _session = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (_offer.IsUp)
        {
            _offer = McpOffer.Down;
            _changed();
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(Level = LogLevel.Information, EventName = "mcp_server_up", Message = "MCP server {Server} offers {Count} tools: {Tools}")]
    private partial void LogOffers(string server, int count, string tools);

    [LoggerMessage(Level = LogLevel.Warning, EventName = "mcp_server_lost", Message = "The session with MCP server {Server} is over: its tools are gone until it is back")]
    private partial void LogLost(string server);

    [LoggerMessage(Level = LogLevel.Warning, EventName = "mcp_server_down", Message = "MCP server {Server} ({Source}) cannot be reached: agents go without its tools, and it is tried again until it answers")]
    private partial void LogUnreachable(Exception exception, string server, string source);

    [LoggerMessage(Level = LogLevel.Warning, EventName = "mcp_tools_left_out", Message = "Tools of MCP server {Server} are not offered: {Tools}")]
    private partial void LogLeftOut(string server, string tools);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The tools of MCP server {Server} cannot be held against those accepted while Postgres is away; new and changed ones wait")]
    private partial void LogNotChecked(Exception exception, string server);
}
