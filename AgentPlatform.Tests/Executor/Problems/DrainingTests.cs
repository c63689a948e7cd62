using AgentPlatform.Executor.Problems;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentPlatform.Tests.Executor.Problems;

public sealed class DrainingTests
{
    [Fact]
    public async Task An_executor_that_is_stopping_closes_the_connection_of_those_it_refuses_and_a_full_one_keeps_it()
    {
        Assert.Equal((503, "close"), await AnswerAsync(ExecutorProblems.Draining()));
        Assert.Equal((503, ""), await AnswerAsync(ExecutorProblems.Overloaded()));
    }

    private static async Task<(int Status, string Connection)> AnswerAsync(ExecutorProblem problem)
    {
        var context = new DefaultHttpContext();
        await problem.ExecuteAsync(context);
        return (context.Response.StatusCode, context.Response.Headers.Connection.ToString());
    }
}
