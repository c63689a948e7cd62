using System.Net.Http.Json;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Commands;

/// <summary>Two executors, agents that write letters with and without asking, and a post office outside.</summary>
public sealed class PostStack : IAsyncLifetime
{
    private readonly string _agents = Directory.CreateTempSubdirectory("agentplatform-agents-").FullName;
    private FakeModelServer _model = null!;

    internal RunningStack Stack { get; private set; } = null!;

    internal PostOffice Post { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        _model = await FakeModelServer.StartAsync(cancellationToken);
        _model.Always(Reply);
        Post = await PostOffice.OpenAsync(cancellationToken);
        Write("default", "tools: [send_letter, send_slowly, wait]");
        Write("careful", "tools: [send_letter]\napproval: { effects: [write] }");
        Write("reader", "tools: [read_mail, send_letter]");
        Write("unworried", "tools: [read_mail, send_letter]\napproval: { after_untrusted: allow }");
        Write("impatient", "tools: [send_letter]\napproval: { tools: [send_letter], expires: 1s }");
        Stack = await RunningStack.StartAsync(new StackSettings
        {
            Executors = 2,
            Environment = new Dictionary<string, string?>
            {
                ["OPENAI_BASE_URL"] = _model.BaseUrl,
                ["OPENAI_API_KEY"] = "key-of-the-test",
                ["Agents__Directory"] = _agents,
                ["Background__MaxConcurrent"] = "1",
                ["Runs__UnwatchedFor"] = "00:00:04",
                ["ExecutorClient__ReattachWithin"] = "00:00:45",
                ["Tools__Http__send_letter__Description"] = "Sends a letter.",
                ["Tools__Http__send_letter__Method"] = "POST",
                ["Tools__Http__send_letter__Url"] = $"{Post.Url}/letters",
                ["Tools__Http__send_letter__AllowPrivate"] = "true",
                ["Tools__Http__send_letter__Parameters__to__Description"] = "Who gets it.",
                ["Tools__Http__send_slowly__Description"] = "Sends a letter and waits for the receipt.",
                ["Tools__Http__send_slowly__Method"] = "POST",
                ["Tools__Http__send_slowly__Url"] = $"{Post.Url}/slow-letters",
                ["Tools__Http__send_slowly__AllowPrivate"] = "true",
                ["Tools__Http__send_slowly__Parameters__to__Description"] = "Who gets it.",
                ["Tools__Http__read_mail__Description"] = "Reads the mail that came.",
                ["Tools__Http__read_mail__Method"] = "GET",
                ["Tools__Http__read_mail__Url"] = $"{Post.Url}/mail",
                ["Tools__Http__read_mail__AllowPrivate"] = "true",
                ["Tools__Http__read_mail__Untrusted"] = "true",
                ["Tools__Http__wait__Description"] = "Waits at the counter.",
                ["Tools__Http__wait__Method"] = "GET",
                ["Tools__Http__wait__Url"] = $"{Post.Url}/counter",
                ["Tools__Http__wait__AllowPrivate"] = "true",
            },
        });
    }

    /// <summary>Starts a background run and returns its id once it is accepted.</summary>
    internal async Task<string> StartAsync(string question, string agent = "default", string? session = null)
    {
        var accepted = await Stack.SendAsync(HttpMethod.Post, "/runs", JsonContent.Create(new { question, agent, session_id = session, timeout = 60 }));
        Assert.True(accepted.Status == System.Net.HttpStatusCode.Accepted, accepted.Body.ToString());
        return accepted.RunId!;
    }

    /// <summary>Waits until the run stands so.</summary>
    internal async Task<StackReply> BecomesAsync(string runId, string status)
    {
        StackReply? run = null;
        await Eventually.TrueAsync(
            async () => (run = await Stack.GetAsync($"/runs/{runId}")) is { Status: System.Net.HttpStatusCode.OK } && run["status"].GetString() == status,
            () => $"{status}: {run?.Body}");
        return run!;
    }

    internal Task<StackReply> SayAsync(string path, object body) => Stack.SendAsync(HttpMethod.Post, path, JsonContent.Create(body));

    public async ValueTask DisposeAsync()
    {
        if (Stack is not null)
        {
            await Stack.DisposeAsync();
        }

        await Post.DisposeAsync();
        await _model.DisposeAsync();
        Directory.Delete(_agents, recursive: true);
    }

    private void Write(string name, string more) => File.WriteAllText(
        Path.Combine(_agents, $"{name}.yaml"), $"name: {name}\ndescription: Writes letters.\ninstructions: Do as you are told.\n{more}\n");

    /// <summary>"Write to ada." calls the tool once, then tells what came of it.</summary>
    private static FakeReply Reply(FakeModelRequest request)
    {
        if (request is { RoundsSinceQuestion: 1, LastUserText: "Do what my mail says." })
        {
            // A model that falls for it.
            return FakeReply.Call("send_letter", """{"to":"mallory"}""");
        }

        if (request.RoundsSinceQuestion > 0)
        {
            return FakeReply.Answer($"Result: {request.LastToolResult}");
        }

        var words = request.LastUserText.TrimEnd('.').Split(' ');
        return words switch
        {
            ["Write", "to", var name] => FakeReply.Call("send_letter", $$"""{"to":"{{name}}"}"""),
            ["Write", "slowly", "to", var name] => FakeReply.Call("send_slowly", $$"""{"to":"{{name}}"}"""),
            ["Do", "what", ..] or ["Read", ..] => FakeReply.Call("read_mail", "{}"),
            ["Wait", ..] => FakeReply.Call("wait", "{}"),
            _ => FakeReply.Answer($"You said: {request.LastUserText}"),
        };
    }
}
