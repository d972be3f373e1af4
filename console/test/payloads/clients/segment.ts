import AWSXRay from 'aws-xray-sdk-core';

AWSXRay.enableManualMode();
const segment = new AWSXRay.Segment('javascript-service', '1-58406520-a006649127e371903a2de979');
Object.assign(segment, {
  http: {
    request: { method: 'GET', url: 'http://localhost/orders' },
    response: { status: 500 },
  },
});
const subsegment = segment.addNewSubsegment('load-orders');
subsegment.addAnnotation('count', 3);
subsegment.addMetadata('now', '2026-01-01', 'orders');
subsegment.addError(new Error('boom'));
subsegment.close();
segment.close();
