using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Tests.Core.ChatModels;

/// <summary>Tool declarations as an agent offers them.</summary>
internal static class TestTools
{
    public static AIFunctionDeclaration Calculator { get; } = Declare("calculator", "Evaluates an arithmetic expression.", """{"type":"object","properties":{"expression":{"type":"string"}},"required":["expression"]}""");

    public static AIFunctionDeclaration Clock { get; } = Declare("clock", "Tells the time.", """{"type":"object","properties":{"time_zone":{"type":["string","null"]}},"required":[]}""");

    public static AIFunctionDeclaration HttpGet { get; } = Declare("http_get", "Fetches a page.", """{"type":"object","properties":{"url":{"type":"string"}},"required":["url"]}""");

    public static AIFunctionDeclaration Search { get; } = Declare("search_documents", "Searches documents.", """{"type":"object","properties":{"query":{"type":"string"},"top":{"type":"integer","default":3}},"required":["query","top"]}""");

    public static AIFunctionDeclaration Declare(string name, string description, string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return AIFunctionFactory.CreateDeclaration(name, description, document.RootElement.Clone());
    }
}
