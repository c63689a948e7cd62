namespace AgentPlatform.Tests.Executor.Tools.OpenApi;

/// <summary>A small document to change in one place.</summary>
internal static class SmallDocument
{
    public const string Json = """
        {
          "openapi": "3.0.3",
          "info": { "title": "Notes", "version": "1" },
          "servers": [ { "url": "https://notes.example.org/v1" } ],
          "security": [ { "key": [] } ],
          "paths": {
            "/notes/{id}": {
              "parameters": [ { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } } ],
              "get": { "operationId": "get note", "summary": "Reads a note", "responses": { "200": { "description": "ok" } } },
              "put": {
                "operationId": "putNote",
                "parameters": [ { "name": "id", "in": "query", "schema": { "type": "string" } }, { "name": "X-Trace", "in": "header", "schema": { "type": "string" } } ],
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Note" } } } },
                "responses": { "200": { "description": "ok" } }
              }
            },
            "/search": {
              "post": {
                "requestBody": { "content": { "application/json": { "schema": { "type": "array", "items": { "$ref": "#/components/schemas/Note" } } } } },
                "responses": { "200": { "description": "ok" } }
              }
            }
          },
          "components": {
            "securitySchemes": { "key": { "type": "apiKey", "in": "query", "name": "api-key" }, "login": { "type": "http", "scheme": "basic" }, "session": { "type": "apiKey", "in": "cookie", "name": "sid" } },
            "schemas": { "Note": { "type": "object", "required": ["id", "text"], "properties": { "id": { "type": "string" }, "text": { "type": "string", "nullable": true }, "after": { "$ref": "#/components/schemas/Note" } } } }
          }
        }
        """;
}
