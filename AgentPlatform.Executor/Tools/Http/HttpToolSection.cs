using System.Globalization;
using System.Text;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>Reads one tool's section, <c>Tools:Http:&lt;name&gt;</c>. Each mistake becomes a sentence with its key and the remedy.</summary>
internal sealed class HttpToolSection(IConfigurationSection section, List<string> errors)
{
    private const double DefaultDeadlineSeconds = 20;

    private static readonly string[] Known =
        ["Description", "Method", "Url", "Effect", "Parameters", "DeadlineSeconds", "MaxResultLength", "Headers", "AllowPrivate", "Untrusted"];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>Null when something without which there is no tool is missing or wrong.</summary>
    public HttpToolDefinition? Read()
    {
        if (!ToolCatalogue.IsName(section.Key))
        {
            errors.Add($"{section.Path}: models do not accept this name. Use 1 to 64 of A-Z, a-z, 0-9, _ and -.");
        }

        foreach (var child in section.GetChildren().Where(child => !Known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            errors.Add($"{child.Path}: there is no such setting. Known are {string.Join(", ", Known)}.");
        }

        var description = Required("Description", "say what the tool does and when to use it; the model reads this");
        var method = ReadMethod();
        var url = ReadUrl();
        var effect = ReadEffect(method);
        var parameters = HttpToolParameters.Read(section.GetSection("Parameters"), url, errors);
        var deadline = Number("DeadlineSeconds", DefaultDeadlineSeconds, 0.1, 600);
        var length = Number("MaxResultLength", ToolEffectAttribute.DefaultMaxResultLength, 100, 1_000_000);
        var headers = ReadHeaders().ToList();
        var allowPrivate = ReadFlag("AllowPrivate");
        if (description is null || method is null || url is null || parameters is null)
        {
            return null;
        }

        var hasBody = method != HttpMethod.Get && method != HttpMethod.Delete && parameters.Names.Any(name => !url.Uses(name));
        var client = allowPrivate ? HttpTools.AnyAddress : HttpTools.PublicOnly;
        var endpoint = new HttpEndpoint(section.Key, method, url.Host, effect, TimeSpan.FromSeconds(deadline), (int)length, client, ReadFlag("Untrusted"));
        return new HttpToolDefinition(endpoint, description, url, parameters.Schema, hasBody, headers);
    }

    private HttpMethod? ReadMethod()
    {
        if (Required("Method", $"give one of {string.Join(", ", Methods)}") is not { } text)
        {
            return null;
        }

        if (Methods.Contains(text, StringComparer.OrdinalIgnoreCase))
        {
            return HttpMethod.Parse(text.ToUpperInvariant());
        }

        errors.Add($"{section.Path}:Method: '{text}' is not one of {string.Join(", ", Methods)}.");
        return null;
    }

    private UrlTemplate? ReadUrl()
    {
        if (Required("Url", "give an absolute URL such as https://api.example.org/orders/{id}") is not { } text)
        {
            return null;
        }

        try
        {
            return UrlTemplate.Parse(text);
        }
        catch (FormatException exception)
        {
            // The URL itself stays out: a credential in it would be shown.
            errors.Add($"{section.Path}:Url: the URL {exception.Message}.");
            return null;
        }
    }

    private ToolEffect ReadEffect(HttpMethod? method)
    {
        if (section["Effect"] is { Length: > 0 } text)
        {
            if (!Enum.TryParse<ToolEffect>(text, ignoreCase: true, out var effect) || !Enum.IsDefined(effect) || char.IsAsciiDigit(text[0]))
            {
                errors.Add($"{section.Path}:Effect: '{text}' is not one of pure, read, idempotent, write.");
            }

            return effect;
        }

        return method?.Method switch
        {
            "GET" => ToolEffect.Read,
            "PUT" or "DELETE" => ToolEffect.Idempotent,
            _ => ToolEffect.Write,
        };
    }

    private IEnumerable<KeyValuePair<string, string>> ReadHeaders()
    {
        using var probe = new HttpRequestMessage();
        foreach (var header in section.GetSection("Headers").GetChildren())
        {
            // A value may be a secret: no message shows it.
            var value = header.Value ?? "";
            if (header.Key.ToUpperInvariant() is "HOST" or "TRANSFER-ENCODING" or "CONNECTION" or "IDEMPOTENCY-KEY" or "TRACEPARENT" or "TRACESTATE" or "EXPECT"
                || !probe.Headers.TryAddWithoutValidation(header.Key, "x"))
            {
                errors.Add($"{header.Path}: this header cannot be set here, it is the platform's own or no request header. Remove it.");
            }
            else if (value.Length == 0 || !Ascii.IsValid(value) || value.Any(char.IsControl))
            {
                errors.Add($"{header.Path}: a header's value is printable ASCII and not empty. Give one, or remove the header.");
            }
            else
            {
                yield return KeyValuePair.Create(header.Key, value);
            }
        }
    }

    private string? Required(string key, string remedy)
    {
        if (section[key] is { } text && !string.IsNullOrWhiteSpace(text))
        {
            return text.Trim();
        }

        errors.Add($"{section.Path}:{key}: it is missing; {remedy}.");
        return null;
    }

    private double Number(string key, double fallback, double least, double most)
    {
        if (section[key] is not { Length: > 0 } text)
        {
            return fallback;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        errors.Add(string.Create(CultureInfo.InvariantCulture, $"{section.Path}:{key}: '{text}' is not a number from {least} to {most}."));
        return fallback;
    }

    private bool ReadFlag(string key)
    {
        if (section[key] is not { Length: > 0 } text)
        {
            return false;
        }

        if (!bool.TryParse(text, out var flag))
        {
            errors.Add($"{section.Path}:{key}: '{text}' is neither true nor false.");
        }

        return flag;
    }
}
