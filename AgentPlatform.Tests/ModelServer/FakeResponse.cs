using System.Text;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Tests.ModelServer;

/// <summary>Sends one reply, with its stall or cut.</summary>
internal sealed class FakeResponse(HttpContext context, FakeModelRequest request, FakeReply reply, string defaultModel, CancellationToken stopping)
{
    private readonly string _model = request.Body.TryGetProperty("model", out var model) ? model.GetString()! : defaultModel;

    public async Task WriteAsync()
    {
        if (reply.Stall == FakeStall.BeforeHeaders)
        {
            await Task.Delay(Timeout.Infinite, stopping);
        }

        var response = context.Response;
        response.StatusCode = reply.Status;
        if (reply.RetryAfter is not null)
        {
            response.Headers.RetryAfter = reply.RetryAfter;
        }

        var streams = request.Stream && reply.Status == StatusCodes.Status200OK;
        response.ContentType = streams ? "text/event-stream" : "application/json";
        if (reply.Stall == FakeStall.AfterHeaders || (reply.Stall == FakeStall.MidStream && !streams))
        {
            await response.StartAsync(stopping);
            await response.Body.FlushAsync(stopping);
            await Task.Delay(Timeout.Infinite, stopping);
        }

        if (reply.RawBody is not null)
        {
            await response.WriteAsync(streams ? $"data: {reply.RawBody}\n\n" : reply.RawBody, Encoding.UTF8, stopping);
        }
        else if (streams)
        {
            await new FakeCompletionStream(context, request, _model, reply, TimeProvider.System, stopping).WriteAsync();
        }
        else if (reply.Cut != FakeCut.None)
        {
            response.ContentLength = 1_000;
            await response.WriteAsync("""{"id":"chatcmpl-1","object":""", stopping);
            await response.Body.FlushAsync(stopping);
            context.Abort();
        }
        else
        {
            FakeCompletion.Write(response.BodyWriter, request, _model, reply);
            await response.BodyWriter.FlushAsync(stopping);
        }
    }
}
