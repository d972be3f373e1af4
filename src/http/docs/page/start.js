SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  // The default sends the document's address to a validator elsewhere.
  validatorUrl: null,
});
