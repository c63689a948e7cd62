using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Api.Mcp;

/// <summary>Answers messages over which the library would fail: too long ones, those that are not said to be JSON or are not UTF-8, and those whose parameters lack what must be there.</summary>
internal sealed class MessageFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsPost(http.Request.Method) && await RefusedAsync(http.Request) is { } refused)
        {
            return refused;
        }

        try
        {
            return await next(context);
        }
        catch (JsonException) when (!http.Response.HasStarted)
        {
            return TypedResults.Json(
                new JsonRpcError { Error = new JsonRpcErrorDetail { Code = (int)McpErrorCode.InvalidParams, Message = "The parameters are not those that the method takes." } },
                McpJsonUtilities.DefaultOptions,
                statusCode: StatusCodes.Status400BadRequest);
        }
    }

    /// <summary>Nothing of the body is used up.</summary>
    private static async Task<ProblemHttpResult?> RefusedAsync(HttpRequest request)
    {
        if (JsonBody.RefusedHeaders(request, JsonBody.MaxBytes) is { } refused)
        {
            return refused;
        }

        var body = await JsonBody.ReadBytesAsync(request, JsonBody.MaxBytes, request.HttpContext.RequestAborted);
        try
        {
            return body.Length > JsonBody.MaxBytes ? JsonBody.TooLarge(JsonBody.MaxBytes)
                : !Utf8.IsValid(body.IsSingleSegment ? body.FirstSpan : body.ToArray()) ? Problem.Invalid("body", "The body is not valid UTF-8. Encode the text as UTF-8 before sending it.")
                : null;
        }
        finally
        {
            request.BodyReader.AdvanceTo(body.Start);
        }
    }
}
