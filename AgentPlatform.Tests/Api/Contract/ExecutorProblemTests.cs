using System.Net;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentPlatform.Tests.Api.Contract;

public sealed class ExecutorProblemTests(ContractApi api) : IClassFixture<ContractApi>
{
    [Fact]
    public async Task A_refusal_of_the_executor_is_passed_on()
    {
        api.Executor.OnProblem("DELETE /sessions/busy", 409, "session_busy", "The session 'busy' has a run that is still at work.", retryAfter: "2");
        using var response = await api.Client.DeleteAsync(new Uri("/sessions/busy", UriKind.Relative), TestContext.Current.CancellationToken);

        var problem = await Problems.ReadAsync(response, HttpStatusCode.Conflict, "session_busy", null);
        Assert.Contains("still at work", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_deliberate_503_keeps_its_code_and_says_when_to_come_back()
    {
        api.Executor.OnProblem("GET /sessions/away", 503, "database_unavailable", "The database does not answer at the moment.");
        using var response = await GetAsync("/sessions/away");

        await Problems.ReadAsync(response, HttpStatusCode.ServiceUnavailable, "database_unavailable", null);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData(500, "internal_error", "Npgsql.PostgresException: secret")]
    [InlineData(502, "bad_gateway", "secret host 10.0.0.1")]
    public async Task The_text_of_an_executors_fault_stays_inside(int status, string code, string detail)
    {
        api.Executor.OnProblem("GET /sessions/broken", status, code, detail);
        using var response = await GetAsync("/sessions/broken");

        var problem = await Problems.ReadAsync(response, HttpStatusCode.InternalServerError, "internal_error", null);
        Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>oops</html>")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"session_id\":7}")]
    public async Task An_answer_that_is_not_what_it_should_be_is_not_passed_on(string body)
    {
        api.Executor.On("GET /sessions/odd", context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(body, context.RequestAborted);
        });
        using var response = await GetAsync("/sessions/odd");

        await Problems.ReadAsync(response, HttpStatusCode.InternalServerError, "internal_error", null);
    }

    [Fact]
    public async Task A_silent_executor_is_503_after_the_deadline()
    {
        api.Executor.On("GET /sessions/silent", context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var response = await GetAsync("/sessions/silent");

        await Problems.ReadAsync(response, HttpStatusCode.ServiceUnavailable, "executor_unavailable", null);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_broken_connection_is_503()
    {
        api.Executor.On("GET /sessions/cut", context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var response = await GetAsync("/sessions/cut");

        await Problems.ReadAsync(response, HttpStatusCode.ServiceUnavailable, "executor_unavailable", null);
    }

    private Task<HttpResponseMessage> GetAsync(string path) =>
        api.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
}
