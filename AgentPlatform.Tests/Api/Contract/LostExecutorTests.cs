using System.Net;
using System.Text;
using Xunit;

namespace AgentPlatform.Tests.Api.Contract;

public sealed class LostExecutorTests
{
    [Fact]
    public async Task Of_two_executors_one_being_gone_is_not_noticed()
    {
        await using var executor = await ScriptedExecutor.StartAsync();
        Samples.Script(executor);
        await using var api = ApiProcess.Start(ApiProcess.Nobody, executor.Address);
        using var client = api.CreateDefaultClient();

        for (var i = 0; i < 8; i++)
        {
            using var read = await client.GetAsync(new Uri("/sessions/order-4711", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
            using var document = new StringContent("1", Encoding.UTF8, "application/json");
            using var write = await client.PutAsync(new Uri("/sessions/order-4711/state", UriKind.Relative), document, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, write.StatusCode);
        }
    }

    [Theory]
    [InlineData("/runs")]
    [InlineData("/runs/01963c5e-8b2a-7c3d-9e4f-0123456789ab")]
    [InlineData("/runs/01963c5e-8b2a-7c3d-9e4f-0123456789ab/explain")]
    [InlineData("/sessions")]
    [InlineData("/sessions/order-4711")]
    [InlineData("/sessions/order-4711/turns")]
    [InlineData("/sessions/order-4711/state")]
    [InlineData("/agents")]
    [InlineData("/agents/default")]
    public async Task With_no_executor_looking_up_is_503_and_says_when_to_come_back(string path)
    {
        await using var api = ApiProcess.Start(ApiProcess.Nobody);
        using var client = api.CreateDefaultClient();
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        await Problems.ReadAsync(response, HttpStatusCode.ServiceUnavailable, "executor_unavailable", null);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task An_executor_that_is_stopping_silent_or_cut_off_is_passed_over_by_what_people_say_to_runs()
    {
        await using var executor = await ScriptedExecutor.StartAsync();
        await using var stopping = await ScriptedExecutor.StartAsync();
        await using var cut = await ScriptedExecutor.StartAsync();
        Samples.Script(executor);
        Samples.Script(stopping);
        Samples.Script(cut);
        var cancel = $"POST /runs/{Samples.RunId}/cancel";
        stopping.OnProblem(cancel, 503, "draining", "The executor is stopping.");
        cut.On(cancel, context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await using var api = ApiProcess.Start(ApiProcess.Nobody, stopping.Address, cut.Address, executor.Address);
        using var client = api.CreateDefaultClient();

        for (var i = 0; i < 8; i++)
        {
            using var response = await client.PostAsync(
                new Uri($"/runs/{Samples.RunId}/cancel", UriKind.Relative), content: null, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }
}
