#!/usr/bin/env dotnet
#:property RestorePackagesWithLockFile=false
#:property GenerateDocumentationFile=false
#:property PublishAot=false

// Writes what the services are made of as a CycloneDX document, out of their lock files: exactly what is restored, direct or not, with its hash.
//   dotnet run eng/sbom.cs -- sbom.json [local|aspire]
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

if (args is not [var output, .. var rest] || rest.Length > 1)
{
    Console.Error.WriteLine("Usage: dotnet run eng/sbom.cs -- FILE [local|aspire]");
    return 1;
}

var lockFile = $"packages.{rest.FirstOrDefault("local")}.lock.json";
string[] services = ["AgentPlatform.Api", "AgentPlatform.Executor"];
var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
    ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
var components = new SortedDictionary<string, JsonObject>(StringComparer.OrdinalIgnoreCase);
var uses = new JsonArray();
foreach (var service in services)
{
    var path = Path.Combine(service, lockFile);
    if (!File.Exists(path))
    {
        Console.Error.WriteLine($"{path} is missing: run this from the root of the repository, after 'dotnet restore'.");
        return 1;
    }

    var needs = new SortedSet<string>(StringComparer.Ordinal);
    foreach (var (id, entry) in JsonNode.Parse(File.ReadAllText(path))!["dependencies"]!.AsObject().SelectMany(framework => framework.Value!.AsObject()))
    {
        if ((string?)entry!["type"] is "Project" || (string?)entry["resolved"] is not { } version)
        {
            continue;
        }

        var component = Component(id, version, (string?)entry["contentHash"]);
        components[$"{id}/{version}"] = component;
        needs.Add((string)component["bom-ref"]!);
    }

    uses.Add(new JsonObject { ["ref"] = service, ["dependsOn"] = new JsonArray([.. needs.Select(need => (JsonNode)need)]) });
}

var document = new JsonObject
{
    ["bomFormat"] = "CycloneDX",
    ["specVersion"] = "1.6",
    ["version"] = 1,
    ["metadata"] = new JsonObject
    {
        ["component"] = new JsonObject
        {
            ["type"] = "application",
            ["bom-ref"] = "AgentPlatform",
            ["name"] = "AgentPlatform",
            ["components"] = new JsonArray([.. services.Select(service => new JsonObject { ["type"] = "application", ["bom-ref"] = service, ["name"] = service })]),
        },
    },
    ["components"] = new JsonArray([.. components.Values]),
    ["dependencies"] = uses,
};
File.WriteAllText(output, document.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + Environment.NewLine);
Console.WriteLine($"{output}: {components.Count} packages");
return 0;

JsonObject Component(string id, string version, string? hash)
{
    var url = $"pkg:nuget/{id}@{version}";
    var component = new JsonObject { ["type"] = "library", ["bom-ref"] = url, ["name"] = id, ["version"] = version, ["purl"] = url };
    if (hash is not null)
    {
        component["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-512", ["content"] = Convert.ToHexStringLower(Convert.FromBase64String(hash)) });
    }

    if (License(id, version) is { } license)
    {
        component["licenses"] = new JsonArray(license);
    }

    return component;
}

// As the package itself says: an SPDX expression, or else a file or address that only a person can read.
JsonObject? License(string id, string version)
{
    var (name, folder) = (id.ToLowerInvariant(), version.ToLowerInvariant());
    var manifest = Path.Combine(packages, name, folder, $"{name}.nuspec");
    if (!File.Exists(manifest))
    {
        return null;
    }

    var metadata = XDocument.Load(manifest).Root!.Elements().Single(element => element.Name.LocalName == "metadata").Elements().ToList();
    var license = metadata.Find(element => element.Name.LocalName == "license");
    return license?.Attribute("type")?.Value == "expression" ? new JsonObject { ["expression"] = license.Value }
        : metadata.Find(element => element.Name.LocalName == "licenseUrl") is { } address && Uri.IsWellFormedUriString(address.Value, UriKind.Absolute)
            ? new JsonObject { ["license"] = new JsonObject { ["name"] = "see url", ["url"] = address.Value } }
            : null;
}
