SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  // The default sends the URL of the document to an external validator.
  validatorUrl: null,
});
