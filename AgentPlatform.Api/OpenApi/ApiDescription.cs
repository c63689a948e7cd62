using System.Security.Cryptography;
using Scalar.AspNetCore;

namespace AgentPlatform.Api.OpenApi;

/// <summary>The contract for programs at /openapi/v1.json and for people at /docs.</summary>
internal static class ApiDescription
{
    public const string DocsPath = "/docs";

    private const string Document = "v1";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.AddDocumentTransformer<DocumentTransformer>();
        options.AddOperationTransformer<OperationTransformer>();
        options.AddSchemaTransformer<SchemaTransformer>();
    });

    public static IEndpointRouteBuilder MapApiDescription(this IEndpointRouteBuilder endpoints)
    {
        // What can be asked is no secret; a browser that opens the page has no key to send.
        endpoints.MapOpenApi().AllowAnonymous();
        endpoints.MapScalarApiReference(DocsPath, ConfigureDocs).AllowAnonymous().ExcludeFromDescription();
        endpoints.MapGet("/", static () => TypedResults.Redirect(DocsPath)).AllowAnonymous().ExcludeFromDescription();
        return endpoints;
    }

    /// <summary>The page comes whole from this process: no fonts, scripts, telemetry or assistants from elsewhere, and a policy that holds it to that.</summary>
    private static void ConfigureDocs(ScalarOptions options, HttpContext context)
    {
        var nonce = RandomNumberGenerator.GetHexString(32);
        options.Title = "AgentPlatform";
        options.OpenApiRoutePattern = "/openapi/{documentName}.json";
        options.WithNonce(nonce).DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp();
        options.HideClientButton = true;
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }
}
